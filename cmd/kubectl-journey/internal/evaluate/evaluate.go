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

// Package evaluate computes the statuses of the objects that were read, with the model that the operator has too.
package evaluate

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// Portfolio is a namespace, evaluated.
type Portfolio struct {
	Namespace string
	// Objects in the order in which they are printed: by kind and name.
	Objects    []*source.Object
	Evaluation *portfolio.Evaluation

	asOf cxv1alpha1.Date
}

// All evaluates objects as of a day, each namespace by itself. The portfolios come in the order of their namespaces.
func All(objects []*source.Object, asOf cxv1alpha1.Date) []*Portfolio {
	byNamespace := map[string]*Portfolio{}
	for _, o := range objects {
		p := byNamespace[o.Namespace]
		if p == nil {
			p = &Portfolio{Namespace: o.Namespace, asOf: asOf}
			byNamespace[o.Namespace] = p
		}
		p.Objects = append(p.Objects, o)
	}
	var all []*Portfolio
	for _, namespace := range slices.Sorted(maps.Keys(byNamespace)) {
		p := byNamespace[namespace]
		slices.SortFunc(p.Objects, func(a, b *source.Object) int {
			return cmp.Or(cmp.Compare(a.Kind.Rank, b.Kind.Rank), strings.Compare(a.Name, b.Name))
		})
		p.Evaluation = portfolio.Evaluate(modelOf(p.Objects), asOf)
		all = append(all, p)
	}
	return all
}

func modelOf(objects []*source.Object) portfolio.Objects {
	var model portfolio.Objects
	for _, o := range objects {
		model.Add(o.Typed)
	}
	return model
}

// Content returns an object with its computed status, as JSON has it.
func (p *Portfolio) Content(o *source.Object) (map[string]any, error) {
	status, err := p.status(o)
	if err != nil {
		return nil, err
	}
	read, err := o.JSON()
	if err != nil {
		return nil, err
	}
	content := maps.Clone(read)
	content["status"] = status
	return content, nil
}

// Status returns the status that the model computed for an object. The times of its conditions are left open.
func (p *Portfolio) Status(o *source.Object) cxv1alpha1.Status { return p.Evaluation.Of(o.Typed) }

func (p *Portfolio) status(o *source.Object) (map[string]any, error) {
	typed := p.Status(o)
	p.setTimes(o, typed.GetConditions())
	status, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return nil, fmt.Errorf("writing the status of %s %s/%s: %w", o.Kind.Name, o.Namespace, o.Name, err)
	}
	return status, nil
}

// setTimes fills in what the model leaves open, since it depends on history: a condition that the cluster has too since when it has
// it, any other one since the beginning of the day of evaluation.
func (p *Portfolio) setTimes(o *source.Object, conditions []metav1.Condition) {
	day := p.asOf.Midnight()
	for i := range conditions {
		c := &conditions[i]
		c.LastTransitionTime = metav1.NewTime(day)
		written := writtenCondition(o, c.Type)
		if written == nil || written["status"] != string(c.Status) {
			continue
		}
		text, _ := written["lastTransitionTime"].(string)
		if since, err := time.Parse(time.RFC3339, text); err == nil {
			c.LastTransitionTime = metav1.NewTime(since)
		}
	}
}

func writtenCondition(o *source.Object, kind string) map[string]any {
	list, _ := o.Written["conditions"].([]any)
	for _, entry := range list {
		if c, ok := entry.(map[string]any); ok && c["type"] == kind {
			return c
		}
	}
	return nil
}

// Outdated counts the objects of a cluster whose status there is not what follows from the specs as of the day.
func (p *Portfolio) Outdated() (int, error) {
	outdated := 0
	for _, o := range p.Objects {
		if o.Written == nil {
			continue
		}
		status, err := p.status(o)
		if err != nil {
			return 0, err
		}
		if !sameStatus(status, o.Written) {
			outdated++
		}
	}
	return outdated, nil
}

// sameStatus compares statuses as JSON: where one has a nil and the other an absent list, they are the same.
func sameStatus(a, b map[string]any) bool {
	if reflect.DeepEqual(a, b) {
		return true
	}
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && bytes.Equal(left, right)
}
