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

package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestFigures(t *testing.T) {
	// Given a metric whose newest value is not the last one.
	f := &figures{metrics: []*cxv1alpha1.Metric{{
		ObjectMeta: metav1.ObjectMeta{Name: "calls"},
		Spec:       cxv1alpha1.MetricSpec{Samples: []cxv1alpha1.Sample{{Date: "2026-11-16", Value: "2.50"}, {Date: "2026-11-09", Value: "12"}}},
	}}}
	// Then a day's value is that of the midnight that ends it.
	past := `# TYPE claim_figure gauge
claim_figure{name="calls"} 2.5 1794873600
claim_figure{name="calls"} 12 1794268800
# EOF
`
	if diff := cmp.Diff(past, f.past()); diff != "" {
		t.Errorf("past (-want +got):\n%s", diff)
	}
	// And the value of now is the newest.
	answer := httptest.NewRecorder()
	f.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/metrics", http.NoBody))
	if diff := cmp.Diff("# TYPE claim_figure gauge\nclaim_figure{name=\"calls\"} 2.5\n", answer.Body.String()); diff != "" {
		t.Errorf("now (-want +got):\n%s", diff)
	}
}
