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

package daemon

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/manager"
)

// ServeProbes serves /healthz and /readyz. The server of controller-runtime would keep to itself what a program has to say
// when it is ready.
func (o *Options) ServeProbes(mgr ctrl.Manager, ready http.Handler) error {
	if o.ProbeAddress == Off {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", o.ProbeAddress)
	if err != nil {
		return fmt.Errorf("listening on --health-probe-bind-address: %w", err)
	}
	mux := http.NewServeMux()
	for path, handler := range map[string]http.Handler{
		"/healthz": &healthz.Handler{Checks: map[string]healthz.Checker{"ping": healthz.Ping}},
		"/readyz":  ready,
	} {
		stripped := http.StripPrefix(path, handler)
		mux.Handle(path, stripped)
		mux.Handle(path+"/", stripped) // single checks
	}
	return mgr.Add(&manager.Server{
		Name:     "health probe",
		Server:   &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 1 << 16},
		Listener: listener,
	})
}
