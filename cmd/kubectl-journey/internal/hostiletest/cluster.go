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

package hostiletest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path"
	"reflect"
	"testing"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// types are the Go types of the kinds.
var types = map[string]reflect.Type{
	kinds.Journey: reflect.TypeFor[cxv1alpha1.Journey](), kinds.Moment: reflect.TypeFor[cxv1alpha1.Moment](),
	kinds.Requirement: reflect.TypeFor[cxv1alpha1.Requirement](), kinds.BuildingBlock: reflect.TypeFor[cxv1alpha1.BuildingBlock](),
	kinds.RoadmapItem: reflect.TypeFor[cxv1alpha1.RoadmapItem](), kinds.Roadmap: reflect.TypeFor[cxv1alpha1.Roadmap](),
	cxv1alpha1.MetricKind: reflect.TypeFor[cxv1alpha1.Metric](), cxv1alpha1.ObservationKind: reflect.TypeFor[cxv1alpha1.Observation](),
}

// poisoned makes an object of a kind with the hostile text in all fields. All objects have the same name, so all refer to each other.
func poisoned(tb testing.TB, kind *kinds.Kind, text string, known map[reflect.Type]string) map[string]any {
	tb.Helper()
	value := reflect.New(types[kind.Name]).Elem()
	Poison(value.FieldByName("Spec"), text, known)
	if status := value.FieldByName("Status"); status.IsValid() {
		Poison(status, text, nil)
	}
	data, err := json.Marshal(value.Interface())
	if err != nil {
		tb.Fatal(err)
	}
	var content map[string]any
	if err := json.Unmarshal(data, &content); err != nil {
		tb.Fatal(err)
	}
	name := text
	if kind.Name == kinds.Roadmap {
		name = "default"
	}
	texts := map[string]any{text: text}
	content["metadata"] = map[string]any{
		"name": name, "namespace": text, "uid": text, "resourceVersion": text, "generateName": text, "labels": texts, "annotations": texts, "finalizers": []any{text},
	}
	return content
}

// poisonedList returns all objects of a kind in a hostile cluster. Items that wait for themselves are never scheduled, so there is an item
// that does not, and what was seen is seen of what there is.
func poisonedList(tb testing.TB, kind *kinds.Kind, text string, known map[reflect.Type]string) map[string]any {
	tb.Helper()
	items := []any{poisoned(tb, kind, text, known)}
	switch kind.Name {
	case cxv1alpha1.MetricKind: // of which there is a value today
		measured := poisoned(tb, kind, text, known)
		measured["metadata"].(map[string]any)["name"] = text + "measured"
		measured["spec"].(map[string]any)["samples"] = []any{map[string]any{"date": "2026-11-01", "value": "1"}}
		items = append(items, measured)
	case cxv1alpha1.ObservationKind:
		for _, of := range []string{cxv1alpha1.MetricKind, cxv1alpha1.RoadmapItemKind, cxv1alpha1.BuildingBlockKind} {
			look := poisoned(tb, kind, text, known)
			look["metadata"].(map[string]any)["name"] = text + of
			look["spec"].(map[string]any)["of"].(map[string]any)["kind"] = of
			items = append(items, look)
		}
	case kinds.RoadmapItem:
		for _, state := range []cxv1alpha1.ItemState{cxv1alpha1.StateInProgress, cxv1alpha1.StateDone} {
			free := poisoned(tb, kind, text, known)
			free["metadata"].(map[string]any)["name"] = text + string(state)
			spec := free["spec"].(map[string]any)
			delete(spec, "dependsOn")
			spec["state"] = string(state)
			items = append(items, free)
		}
	}
	return map[string]any{"kind": kind.Name + "List", "apiVersion": kinds.APIVersion(), "metadata": map[string]any{"resourceVersion": "1"}, "items": items}
}

// Server starts a server. It calls answer with the last part of the path of a request, and sends what that returns.
func Server(tb testing.TB, answer func(resource string) (code int, body any)) (server string) {
	tb.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		code, body := answer(path.Base(r.URL.Path))
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Warning", `299 - "evil \u202e"`)
		w.WriteHeader(code)
		if text, ok := body.(string); ok {
			_, _ = w.Write([]byte(text))
			return
		}
		_ = json.NewEncoder(w).Encode(body)
	}))
	// Each command is a new client, so no connection is used again.
	s.Config.SetKeepAlivesEnabled(false)
	tb.Cleanup(s.Close)
	return s.URL
}

// Cluster starts a cluster whose objects have the hostile text in all fields. Fields of a type in known get the text from there, so that
// the model understands them.
func Cluster(tb testing.TB, text string, known map[reflect.Type]string) (server string) {
	tb.Helper()
	return Server(tb, func(resource string) (int, any) {
		if kind := kinds.Parse(resource); kind != nil {
			return http.StatusOK, poisonedList(tb, kind, text, known)
		}
		return http.StatusNotFound, ""
	})
}
