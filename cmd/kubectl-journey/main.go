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

// Command kubectl-journey is a kubectl plugin. From files or a cluster, it tells in which state customer journeys are, why a moment is
// blocked, and what is still missing. It uses the same model as the operator, so both always say the same.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/go-logr/logr"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/klog/v2"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmd"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/memory"
)

func main() {
	memory.Tune()
	// Libraries log errors that the plugin reports itself. So their logs are dropped.
	klog.SetLogger(logr.Discard())
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second Ctrl-C ends the plugin at once.
	context.AfterFunc(ctx, cancel)
	code := cmd.Run(ctx, cmd.Arguments(os.Args), genericiooptions.IOStreams{In: os.Stdin, Out: os.Stdout, ErrOut: os.Stderr})
	cancel()
	os.Exit(code)
}
