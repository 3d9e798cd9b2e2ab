/*
Copyright 2026 The journey-operator Authors.

Licensed under the Apache License, Version 2.0 (the "License");
you may not use this file except in compliance with the License.
You may obtain a copy of the License at

    http://www.apache.org/licenses/LICENSE-2.0

Unless required by applicable law or agreed to in writing, software
distributed under the License is distributed on an "AS IS" BASIS,
WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
See the License for the specific language governing permissions and
limitations under the License.
*/

// Package controlplane gives tests and the demo a real Kubernetes control plane (kube-apiserver, etcd and
// kubectl) on a machine that has only Go. It downloads what controller-tools publishes for envtest, of the minor version of
// Kubernetes that binaries/go.mod pins. Where that does not work, it builds them from the modules pinned there. Either is
// done once for each version, into the user's cache folder.
//
// A build takes minutes: longer than go test allows a package by default. So run
//
//	go run ./hack/controlplane/cmd assets
//
// before the tests. The Makefile does.
//
// There is no controller manager, scheduler or kubelet: nothing collects garbage, makes tokens for
// ServiceAccounts, fills Deployments or empties a deleted namespace.
//
// It runs on Linux and macOS. envtest, which it uses, does not build on Windows.
package controlplane
