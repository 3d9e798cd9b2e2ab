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

package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/render"
)

const (
	// quiet is how long nothing must happen before a change is printed: a change of one object makes the operator change others.
	quiet = 500 * time.Millisecond
	// restless is how long a change waits at most for that.
	restless = 5 * time.Second
	// again is when a watch that ended begins anew.
	again = 2 * time.Second
)

func addWatch(command *cobra.Command) *bool {
	return command.Flags().BoolP("watch", "w", false, "print again whenever the cluster has changed, until Ctrl-C")
}

// repeat prints once, or with --watch whenever what there is to print has changed.
func (o *options) repeat(command *cobra.Command, args []string, watch bool, show func(io.Writer, *input) error) error {
	if !watch {
		out := bufio.NewWriter(o.Out)
		if err := o.showOnce(command, args, out, show); err != nil {
			return err
		}
		return out.Flush()
	}
	if len(o.files)+len(args) > 0 {
		return usagef(command, "--watch is for a cluster: files are read once")
	}
	if err := o.watch(command, args, show); command.Context().Err() == nil {
		return err
	}
	// Ctrl-C is how it is meant to end.
	return nil
}

func (o *options) watch(command *cobra.Command, args []string, show func(io.Writer, *input) error) error {
	changes := make(chan struct{}, 1)
	var last []byte
	for first := true; first || settled(command.Context(), changes, quiet, restless); first = false {
		var out bytes.Buffer
		o.notesBefore, o.notes = o.notes, nil
		err := o.showOnce(command, args, &out, show)
		switch {
		case err != nil && (first || command.Context().Err() != nil):
			return err
		case err != nil:
			// What went away may come back: a server that is upgraded, or the objects.
			o.note("%s", render.Line(err.Error()))
			last = nil
			continue
		case first:
			// What changes meanwhile is not missed: a watch begins with all objects.
			if err := o.follow(command.Context(), changes); err != nil {
				return err
			}
		case bytes.Equal(out.Bytes(), last):
			continue
		case o.output == outputTable, o.output == outputWide:
			out = *bytes.NewBuffer(append([]byte("\n"), out.Bytes()...))
		}
		if _, err := o.Out.Write(out.Bytes()); err != nil {
			return err
		}
		last = bytes.TrimPrefix(out.Bytes(), []byte("\n"))
	}
	return nil
}

func (o *options) showOnce(command *cobra.Command, args []string, w io.Writer, show func(io.Writer, *input) error) error {
	in, err := o.read(command, args)
	if err != nil {
		return err
	}
	return show(w, in)
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
func (o *options) follow(ctx context.Context, changes chan<- struct{}) error {
	client, namespace, err := o.metadataClient(0)
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

// metadataClient reads of objects only who they are, with a limit to each request or 0 for none, and names the namespace that was asked
// for, or "" for all.
func (o *options) metadataClient(timeout time.Duration) (client metadata.Interface, namespace string, err error) {
	config, err := o.config.ToRESTConfig()
	if err != nil {
		return nil, "", err
	}
	if !o.allNamespaces {
		if namespace, _, err = o.namespace(); err != nil {
			return nil, "", err
		}
	}
	config = rest.CopyConfig(config)
	config.WarningHandler, config.Timeout = rest.NoWarnings{}, timeout
	if client, err = metadata.NewForConfig(config); err != nil {
		return nil, "", fmt.Errorf("connecting to the cluster: %w", err)
	}
	return client, namespace, nil
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
