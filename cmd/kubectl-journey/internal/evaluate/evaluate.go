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

// Package evaluate computes the statuses of objects. It uses the same model as the operator.
package evaluate

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/status"
)

// Portfolio is a namespace and its evaluation.
type Portfolio struct {
	Namespace string
	// Objects are sorted by kind and name, as they are printed.
	Objects    []*source.Object
	Evaluation *portfolio.Evaluation

	asOf cxv1alpha1.Date
}

// All evaluates objects as of a day. Each namespace is a portfolio of its own. Portfolios are sorted by namespace.
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

// Content returns an object with its computed status, if its kind has one, as decoded JSON.
func (p *Portfolio) Content(o *source.Object) (map[string]any, error) {
	computed, err := p.status(o)
	if err != nil {
		return nil, err
	}
	read, err := o.JSON()
	if err != nil {
		return nil, err
	}
	content := maps.Clone(read)
	if computed != nil {
		content["status"] = computed
	}
	return content, nil
}

// Status returns the status that the model computed for an object; nil where its kind has none. Its conditions have no times yet.
func (p *Portfolio) Status(o *source.Object) cxv1alpha1.Status { return p.Evaluation.Of(o.Typed) }

// status is the computed status with the times of its conditions. The model does not know these times. If the cluster has the same
// condition, its time is taken from there. Otherwise it is the beginning of the day of evaluation. It is nil for a kind without one.
func (p *Portfolio) status(o *source.Object) (map[string]any, error) {
	if !o.Kind.HasStatus {
		return nil, nil
	}
	timed := status.WithTimes(p.Status(o), written(o), p.asOf.Midnight())
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(timed)
	if err != nil {
		return nil, fmt.Errorf("writing the status of %s %s/%s: %w", o.Kind.Name, o.Namespace, o.Name, err)
	}
	return content, nil
}

// written is the status of an object in the cluster. It is empty if there is none, or none that can be read.
func written(o *source.Object) cxv1alpha1.Status {
	kind := cxv1alpha1.KindOf(o.Typed)
	there := kind.New().GetStatus()
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(o.Written, there); err != nil {
		return kind.New().GetStatus()
	}
	return there
}

// Outdated counts the objects whose status in the cluster differs from the computed one. The operator would write these.
func (p *Portfolio) Outdated() int {
	outdated := 0
	for _, o := range p.Objects {
		if o.Kind.HasStatus && o.Written != nil && !status.Equal(p.Status(o), written(o)) {
			outdated++
		}
	}
	return outdated
}
