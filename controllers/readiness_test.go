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
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/healthz"
)

func TestReadiness(t *testing.T) {
	healthy, notes := error(nil), []string{}
	handler := http.StripPrefix("/readyz", &readiness{
		checks: healthz.Handler{Checks: map[string]healthz.Checker{"evaluated": func(*http.Request) error { return healthy }}},
		notes:  []func() []string{func() []string { return notes }},
	})
	want := func(path string, code int, body string) {
		t.Helper()
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody))
		if w.Code != code || w.Body.String() != body {
			t.Errorf("GET %s: %d %q, want %d %q", path, w.Code, w.Body, code, body)
		}
	}
	want("/readyz", http.StatusOK, "ok")
	notes = []string{"one may not be read", "two are unclaimed"}
	want("/readyz", http.StatusOK, "ok\nnote: one may not be read\nnote: two are unclaimed")
	want("/readyz?verbose", http.StatusOK, "[+]evaluated ok\nhealthz check passed\n\nnote: one may not be read\nnote: two are unclaimed")
	want("/readyz/evaluated", http.StatusOK, "ok")
	healthy = errors.New("not yet")
	want("/readyz?exclude=evaluated", http.StatusOK, "ok\nnote: one may not be read\nnote: two are unclaimed")
	want("/readyz", http.StatusInternalServerError,
		"[-]evaluated failed: reason withheld\nhealthz check failed\n\nnote: one may not be read\nnote: two are unclaimed")
}
