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

// Package controllers connects the model to a cluster: objects in, statuses out, and nothing else.
//
// Data flows one way. Informers tell the ledger what is in the cluster (ledger.go). A change of a spec marks its portfolio;
// when changes have been quiet for a moment, the engine (engine.go) has package portfolio evaluate it as a whole, which is a
// pure function. The ledger takes the result, and tells whose status differs from the one that the API server is known to
// have. These go into the queue of their kind, whose controller writes just that status (writer.go) and records what
// changed for the people involved (transitions.go).
//
// No status is ever an input, so writes cause no further evaluations, and whatever order events arrive in, the end is
// the same. Every replica evaluates; only the leader writes.
package controllers

// What the operator may do in the cluster: read the kinds, write their statuses, record events, and see whether a namespace
// is being deleted.
//
// +kubebuilder:rbac:groups=cx.journeyops.dev,resources=journeys;moments;requirements;buildingblocks;roadmapitems;roadmaps;metrics;observations,verbs=get;list;watch
// +kubebuilder:rbac:groups=cx.journeyops.dev,resources=journeys/status;moments/status;requirements/status;buildingblocks/status;roadmapitems/status;roadmaps/status;metrics/status,verbs=patch
// +kubebuilder:rbac:groups=events.k8s.io,resources=events,verbs=create;patch
// +kubebuilder:rbac:groups="",resources=namespaces,verbs=get
