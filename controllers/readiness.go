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

package controllers

import (
	"fmt"
	"net/http"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

// readiness answers readiness probes, as healthz.Handler does. Below that it says what does not make the operator unready, but
// what people should know.
type readiness struct {
	checks healthz.Handler
	// notes return sentences.
	notes []func() []string
}

func (r *readiness) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.checks.ServeHTTP(w, request)
	if request.URL.Path != "" && request.URL.Path != "/" {
		return // a single check
	}
	for _, notes := range r.notes {
		for _, note := range notes() {
			_, _ = fmt.Fprintf(w, "\nnote: %s", note)
		}
	}
}
