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
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/dynamic"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

const (
	evaluationTimeout = 3 * time.Minute
	pollInterval      = 250 * time.Millisecond
)

// waitEvaluated waits until the status of every object is what follows from the specs. That it speaks of the object's present
// generation is not enough: what was applied later changes it as well.
func (d *demo) waitEvaluated(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, evaluationTimeout)
	defer cancel()
	for {
		s, err := d.read(ctx)
		if err != nil && ctx.Err() == nil {
			return err
		}
		waiting := 0
		if err == nil {
			if waiting, err = s.waiting(); err != nil {
				return err
			}
			if waiting == 0 && s.total > 0 {
				d.say("%d objects are evaluated", s.total)
				return nil
			}
		}
		select {
		case <-time.After(pollInterval):
		case <-d.manager.ended:
			return fmt.Errorf("the manager ended by itself:\n%s", d.manager.lastLogs())
		case <-ctx.Done():
			return fmt.Errorf("%d objects are not evaluated after %s; the manager says:\n%s", waiting, evaluationTimeout, d.manager.lastLogs())
		}
	}
}

// snapshot is the portfolio as the cluster has it.
type snapshot struct {
	objects portfolio.Objects
	total   int
}

func (d *demo) read(ctx context.Context) (*snapshot, error) {
	client, err := dynamic.NewForConfig(d.plane.Config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	s := &snapshot{}
	var roadmaps []*cxv1alpha1.Roadmap
	o := &s.objects
	err = errors.Join(
		readInto(ctx, d, client, s, "journeys", &o.Journeys),
		readInto(ctx, d, client, s, "moments", &o.Moments),
		readInto(ctx, d, client, s, "requirements", &o.Requirements),
		readInto(ctx, d, client, s, "buildingblocks", &o.BuildingBlocks),
		readInto(ctx, d, client, s, "roadmapitems", &o.RoadmapItems),
		readInto(ctx, d, client, s, "roadmaps", &roadmaps),
	)
	if len(roadmaps) > 0 {
		o.Roadmap = roadmaps[0]
	}
	return s, err
}

func readInto[T any](ctx context.Context, d *demo, client dynamic.Interface, s *snapshot, resource string, into *[]*T) error {
	list, err := client.Resource(cxv1alpha1.GroupVersion.WithResource(resource)).Namespace(d.namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing %s: %w", resource, err)
	}
	return list.EachListItem(func(object runtime.Object) error {
		u, ok := object.(*unstructured.Unstructured)
		if !ok {
			return fmt.Errorf("listing %s: unexpected %T", resource, object)
		}
		typed := new(T)
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(u.Object, typed); err != nil {
			return fmt.Errorf("reading one of %s: %w", resource, err)
		}
		*into = append(*into, typed)
		s.total++
		return nil
	})
}

// waiting counts the objects whose status is not what the model says today.
func (s *snapshot) waiting() (int, error) {
	today := cxv1alpha1.DateOf(time.Now())
	expected := portfolio.Evaluate(s.objects, today).Statuses
	waiting := 0
	var errs []error
	compare := func(written, computed any) {
		same, err := sameStatus(written, computed)
		if err != nil {
			errs = append(errs, err)
		}
		if !same {
			waiting++
		}
	}
	for _, o := range s.objects.Journeys {
		compare(timeless(o.Status, o.Status.Conditions), expected.Journeys[o.Name])
	}
	for _, o := range s.objects.Moments {
		compare(timeless(o.Status, o.Status.Conditions), expected.Moments[o.Name])
	}
	for _, o := range s.objects.Requirements {
		compare(timeless(o.Status, o.Status.Conditions), expected.Requirements[o.Name])
	}
	for _, o := range s.objects.BuildingBlocks {
		compare(timeless(o.Status, o.Status.Conditions), expected.BuildingBlocks[o.Name])
	}
	for _, o := range s.objects.RoadmapItems {
		compare(timeless(o.Status, o.Status.Conditions), expected.RoadmapItems[o.Name])
	}
	if o := s.objects.Roadmap; o != nil {
		compare(timeless(o.Status, o.Status.Conditions), expected.Roadmap)
	}
	return waiting, errors.Join(errs...)
}

// timeless takes out of a status what depends on history: since when its conditions are what they are.
func timeless[S any](status S, conditions []metav1.Condition) S {
	for i := range conditions {
		conditions[i].LastTransitionTime = metav1.Time{}
	}
	return status
}

func sameStatus(written, computed any) (bool, error) {
	left, err := json.Marshal(written)
	if err != nil {
		return false, fmt.Errorf("writing a status of the cluster: %w", err)
	}
	right, err := json.Marshal(computed)
	if err != nil {
		return false, fmt.Errorf("writing a computed status: %w", err)
	}
	return bytes.Equal(left, right), nil
}
