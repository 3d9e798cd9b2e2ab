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

package cmdutil

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/metadata"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

const (
	// quiet is how long nothing must happen before a change is printed: a change of one object makes the operator change others.
	quiet = 500 * time.Millisecond
	// restless is how long a change waits at most for that.
	restless = 5 * time.Second
	// again is when a watch that ended begins anew.
	again = 2 * time.Second
)

// AddWatchTo adds --watch to a command.
func (f *InputFlags) AddWatchTo(command *cobra.Command) {
	command.Flags().BoolVarP(&f.Watch, "watch", "w", false, "print again whenever the cluster has changed, until Ctrl-C")
}

// Show prints once, or with --watch whenever what there is to print has changed.
func (f *InputFlags) Show(ctx context.Context, show func(io.Writer, *Input) error) error {
	if !f.Watch {
		return f.Print(func(w io.Writer) error { return f.showOnce(ctx, w, show) })
	}
	if err := f.watch(ctx, show); ctx.Err() == nil {
		return err
	}
	// Ctrl-C is how it is meant to end.
	return nil
}

func (f *InputFlags) showOnce(ctx context.Context, w io.Writer, show func(io.Writer, *Input) error) error {
	in, err := f.Read(ctx)
	if err != nil {
		return err
	}
	return show(w, in)
}

func (f *InputFlags) watch(ctx context.Context, show func(io.Writer, *Input) error) error {
	changes := make(chan struct{}, 1)
	var last []byte
	for first := true; first || settled(ctx, changes, quiet, restless); first = false {
		var out bytes.Buffer
		f.NextRound()
		err := f.showOnce(ctx, &out, show)
		switch {
		case err != nil && (first || ctx.Err() != nil):
			return err
		case err != nil:
			// What went away may come back: a server that is upgraded, or the objects.
			f.Note("%s", err)
			last = nil
			continue
		case first:
			// What changes meanwhile is not missed: a watch begins with all objects.
			if err := f.follow(ctx, changes); err != nil {
				return err
			}
		case bytes.Equal(out.Bytes(), last):
			continue
		case f.Output == OutputTable, f.Output == OutputWide:
			out = *bytes.NewBuffer(append([]byte("\n"), out.Bytes()...))
		}
		if _, err := f.Out.Write(out.Bytes()); err != nil {
			return err
		}
		last = bytes.TrimPrefix(out.Bytes(), []byte("\n"))
	}
	return nil
}

// settled waits for a change, and then until there are no more for a while. False means that the context ended.
func settled(ctx context.Context, changes <-chan struct{}, quiet, restless time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-changes:
	}
	latest := time.After(restless)
	for {
		select {
		case <-ctx.Done():
			return false
		case <-latest:
			return true
		case <-changes:
		case <-time.After(quiet):
			return true
		}
	}
}

// follow signals changes until the context ends. It watches metadata alone: what has changed is read anyway.
func (f *InputFlags) follow(ctx context.Context, changes chan<- struct{}) error {
	namespace, err := f.namespaceToRead()
	if err != nil {
		return err
	}
	client, err := f.metadataClient(0)
	if err != nil {
		return err
	}
	for _, kind := range kinds.All {
		resource := client.Resource(cxv1alpha1.GroupVersion.WithResource(kind.Plural)).Namespace(namespace)
		go func() {
			for ctx.Err() == nil {
				// Whatever ends a watch, the next one begins with all objects, so that nothing is missed.
				_ = watchOnce(ctx, resource, changes)
				select {
				case <-ctx.Done():
				case <-time.After(again):
				}
			}
		}()
	}
	return nil
}

var errWatchEnded = errors.New("the watch has ended")

func watchOnce(ctx context.Context, resource metadata.ResourceInterface, changes chan<- struct{}) error {
	watcher, err := resource.Watch(ctx, metav1.ListOptions{})
	if err != nil {
		return err
	}
	defer watcher.Stop()
	for range watcher.ResultChan() {
		select {
		case changes <- struct{}{}:
		default: // There is one to be seen already.
		}
	}
	return errWatchEnded
}
