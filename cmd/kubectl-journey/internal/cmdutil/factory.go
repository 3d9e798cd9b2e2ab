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

// Package cmdutil is what several commands need: where their input comes from, how they print and complete, and their errors.
package cmdutil

import (
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/cli-runtime/pkg/genericclioptions"
	"k8s.io/cli-runtime/pkg/genericiooptions"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/rest"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/iostreams"
)

// Factory is what every command is made from.
type Factory struct {
	*iostreams.Streams

	// Config are the flags of all commands: which cluster, which namespace, as whom.
	Config *genericclioptions.ConfigFlags
	// Clock tells the time.
	Clock func() time.Time
}

// NewFactory returns what commands are made from.
func NewFactory(streams genericiooptions.IOStreams, clock func() time.Time) *Factory {
	config := genericclioptions.NewConfigFlags(true)
	// Nothing is cached, and the flag would print a home folder in the help.
	config.CacheDir = nil
	return &Factory{Streams: iostreams.New(streams), Config: config, Clock: clock}
}

// Namespace returns the namespace to look for in a cluster, and whether the command line names it.
func (f *Factory) Namespace() (namespace string, given bool, err error) {
	if isSet(f.Config.Namespace) {
		return *f.Config.Namespace, true, nil
	}
	namespace, _, err = f.Config.ToRawKubeConfigLoader().Namespace()
	if err == nil {
		return namespace, false, nil
	}
	if isSet(f.Config.KubeConfig) || isSet(f.Config.Context) {
		return "", false, fmt.Errorf("reading the kubeconfig: %w", err)
	}
	// Connecting to the cluster says what is wrong.
	return metav1.NamespaceDefault, false, nil
}

// FileNamespace returns the namespace for objects in files that have none, and whether the command line names it. The kubeconfig only
// counts when the command line names it: files say the same to everybody.
func (f *Factory) FileNamespace() (namespace string, given bool, err error) {
	if isSet(f.Config.Namespace) || isSet(f.Config.KubeConfig) || isSet(f.Config.Context) {
		return f.Namespace()
	}
	return metav1.NamespaceDefault, false, nil
}

func isSet(flag *string) bool { return flag != nil && *flag != "" }

// metadataClient reads the names of objects and nothing else. Each request may take as long as the timeout, or any time where that is 0.
func (f *Factory) metadataClient(timeout time.Duration) (metadata.Interface, error) {
	config, err := f.Config.ToRESTConfig()
	if err != nil {
		return nil, err
	}
	config = rest.CopyConfig(config)
	config.WarningHandler, config.Timeout = rest.NoWarnings{}, timeout
	client, err := metadata.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	return client, nil
}
