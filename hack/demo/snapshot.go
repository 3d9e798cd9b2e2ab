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
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/dynamic"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

const (
	evaluationTimeout = 3 * time.Minute
	pollInterval      = 250 * time.Millisecond
)

// waitEvaluated waits until all statuses are those that the model computes from the specs. It is not enough that a status has the
// generation of its object: objects that were applied later change it too.
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

// snapshot is the portfolio in the cluster.
type snapshot struct {
	objects portfolio.Objects
	total   int
}

func (d *demo) read(ctx context.Context) (*snapshot, error) {
	client, err := dynamic.NewForConfig(d.config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	s := &snapshot{}
	var errs []error
	for _, k := range cxv1alpha1.Kinds {
		errs = append(errs, s.readKind(ctx, client.Resource(cxv1alpha1.GroupVersion.WithResource(k.Plural)).Namespace(d.namespace), k))
	}
	return s, errors.Join(errs...)
}

func (s *snapshot) readKind(ctx context.Context, client dynamic.ResourceInterface, k *cxv1alpha1.Kind) error {
	list, err := client.List(ctx, metav1.ListOptions{})
	if err != nil {
		return fmt.Errorf("listing %s: %w", k.Plural, err)
	}
	for i := range list.Items {
		object := k.New()
		text, err := list.Items[i].MarshalJSON()
		if err != nil {
			return fmt.Errorf("reading one of %s: %w", k.Plural, err)
		}
		if err := json.Unmarshal(text, object); err != nil {
			return fmt.Errorf("reading one of %s: %w", k.Plural, err)
		}
		s.objects.Add(object)
		s.total++
	}
	return nil
}

// waiting counts the objects whose status is not yet the one that the model computes for today.
func (s *snapshot) waiting() (int, error) {
	today := cxv1alpha1.DateOf(time.Now())
	expected := portfolio.Evaluate(s.objects, today).Statuses
	waiting := 0
	for object := range s.objects.All() {
		if !cxv1alpha1.KindOf(object).HasStatus {
			continue
		}
		same, err := sameStatus(timeless(object.GetStatus()), expected.Of(object))
		if err != nil {
			return 0, fmt.Errorf("%s %s: %w", cxv1alpha1.KindOf(object).Name, object.GetName(), err)
		}
		if !same {
			waiting++
		}
	}
	return waiting, nil
}

// timeless returns a status without the times of its conditions. The model does not know these times.
func timeless(status cxv1alpha1.Status) cxv1alpha1.Status {
	conditions := slices.Clone(status.GetConditions())
	for i := range conditions {
		conditions[i].LastTransitionTime = metav1.Time{}
	}
	return cxv1alpha1.WithConditions(status, conditions)
}

func sameStatus(written, computed cxv1alpha1.Status) (bool, error) {
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
