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

package observer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/cache"
	"k8s.io/apimachinery/pkg/util/resourceversion"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

const (
	// FieldManager is the name with which the observer writes.
	FieldManager = "journey-observer"
	// managedBy labels what the observer made. It leaves alone what has another one, or none.
	managedBy = "app.kubernetes.io/managed-by"
	// questionAnnotation tells to which question the values are the answer.
	questionAnnotation = "observer.cx.journeyops.dev/question"

	// maxName is how long a name can be.
	maxName = 253
	// settling is how long the cache may be behind what was written.
	settling = time.Minute
)

var errForeign = errors.New("an Observation of this name is there that the observer did not make, and so leaves alone: delete it, or give it another name")

// writer keeps what looks bring in Observations.
type writer struct {
	client  client.Client
	metrics *metrics
	// written is what was written last, until the cache has it.
	written *cache.Expiring
}

func newWriter(c client.Client, m *metrics) *writer {
	return &writer{client: c, metrics: m, written: cache.NewExpiring()}
}

// known is what the Observation says about a question.
func (w *writer) known(ctx context.Context, q question) (Known, error) {
	o, err := w.current(ctx, q.Key)
	if err != nil || o == nil || !isOwn(o) || !answers(o, q) {
		return Known{}, err
	}
	return Known{ObservedOn: o.Spec.ObservedOn, Samples: o.Spec.Samples, Work: o.Spec.Work, Proofs: o.Spec.Proofs, Problem: o.Spec.Problem}, nil
}

// answers tells whether what an Observation says is about this very question. Proofs always are: each names its check, and stays.
func answers(o *cxv1alpha1.Observation, q question) bool {
	return q.Of.Kind == cxv1alpha1.BuildingBlockKind || o.Annotations[questionAnnotation] == q.asked
}

// record writes what was seen, if it says something new or a day has passed.
func (w *writer) record(ctx context.Context, s sighting) error {
	known, err := w.current(ctx, s.Key)
	if err != nil {
		return err
	}
	if known != nil && !isOwn(known) {
		return errForeign
	}
	desired := observationOf(s, known)
	if known != nil && same(known, desired) {
		return nil
	}
	err = w.apply(ctx, desired, known != nil)
	w.metrics.wrote(err)
	return err
}

// observationOf is the Observation that says what was seen. Where nothing was, it still says what was known.
func observationOf(s sighting, known *cxv1alpha1.Observation) *cxv1alpha1.Observation {
	o := &cxv1alpha1.Observation{
		ObjectMeta: metav1.ObjectMeta{
			Namespace:   s.Namespace,
			Name:        nameOf(s.Key),
			Labels:      map[string]string{managedBy: FieldManager},
			Annotations: map[string]string{questionAnnotation: s.asked},
			OwnerReferences: []metav1.OwnerReference{{
				APIVersion: cxv1alpha1.GroupVersion.String(), Kind: string(s.Of.Kind), Name: string(s.Of.Name), UID: s.target.Object.GetUID(),
				Controller: new(false), BlockOwnerDeletion: new(false),
			}},
		},
		Spec: cxv1alpha1.ObservationSpec{
			Of: s.Of, ObservedOn: s.today, Problem: s.result.Problem,
			Samples: s.result.Samples, Work: s.result.Work, Proofs: s.result.Proofs,
		},
	}
	if s.Source != "" {
		o.Spec.SourceRef = &cxv1alpha1.SourceReference{Name: cxv1alpha1.ObjectName(s.Source)}
	}
	if known != nil && !hasValues(&o.Spec) && hasValues(&known.Spec) {
		o.Spec.Samples, o.Spec.Work, o.Spec.Proofs = known.Spec.Samples, known.Spec.Work, known.Spec.Proofs
		o.Annotations[questionAnnotation] = known.Annotations[questionAnnotation]
	}
	return o
}

func hasValues(spec *cxv1alpha1.ObservationSpec) bool {
	return len(spec.Samples) > 0 || spec.Work != nil || len(spec.Proofs) > 0
}

// same tells whether an Observation says already what it should.
func same(known, desired *cxv1alpha1.Observation) bool {
	return equality.Semantic.DeepEqual(sorted(known.Spec), sorted(desired.Spec)) &&
		known.Annotations[questionAnnotation] == desired.Annotations[questionAnnotation] &&
		slices.ContainsFunc(known.OwnerReferences, func(r metav1.OwnerReference) bool {
			return equality.Semantic.DeepEqual(r, desired.OwnerReferences[0])
		})
}

// sorted is a spec with its lists in order.
func sorted(spec cxv1alpha1.ObservationSpec) cxv1alpha1.ObservationSpec {
	spec.Samples = slices.SortedFunc(slices.Values(spec.Samples), func(a, b cxv1alpha1.Sample) int { return cmp.Compare(a.Date, b.Date) })
	spec.Proofs = slices.SortedFunc(slices.Values(spec.Proofs), func(a, b cxv1alpha1.Proof) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Check, b.Check))
	})
	return spec
}

// apply writes an Observation, whole. One that is not there yet is not forced, in case that somebody makes another of this name meanwhile.
func (w *writer) apply(ctx context.Context, o *cxv1alpha1.Observation, known bool) error {
	o.Spec = sorted(o.Spec)
	o.APIVersion, o.Kind = cxv1alpha1.GroupVersion.String(), cxv1alpha1.ObservationKind
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return fmt.Errorf("putting Observation %s/%s into JSON: %w", o.Namespace, o.Name, err)
	}
	u := &unstructured.Unstructured{Object: content}
	unstructured.RemoveNestedField(u.Object, "metadata", "creationTimestamp")
	options := []client.ApplyOption{client.FieldOwner(FieldManager)}
	if known {
		options = append(options, client.ForceOwnership)
	}
	switch err := w.client.Apply(ctx, client.ApplyConfigurationFromUnstructured(u), options...); {
	case apierrors.IsConflict(err) && !known:
		return fmt.Errorf("%w: %w", errForeign, err)
	case err != nil:
		return fmt.Errorf("writing Observation %s/%s: %w", o.Namespace, o.Name, err)
	}
	o.ResourceVersion, o.UID = u.GetResourceVersion(), u.GetUID()
	w.written.Set(client.ObjectKeyFromObject(o), o, settling)
	return nil
}

// current is the Observation of a question as it is known; nil where there is none.
func (w *writer) current(ctx context.Context, key Key) (*cxv1alpha1.Observation, error) {
	name := client.ObjectKey{Namespace: key.Namespace, Name: nameOf(key)}
	cached, found := &cxv1alpha1.Observation{}, true
	if err := w.client.Get(ctx, name, cached); apierrors.IsNotFound(err) {
		found = false
	} else if err != nil {
		return nil, fmt.Errorf("reading Observation %s: %w", name, err)
	}
	if value, ok := w.written.Get(name); ok {
		if written := value.(*cxv1alpha1.Observation); !found || isOlder(cached, written) {
			return written, nil
		}
	}
	if !found {
		return nil, nil
	}
	return cached, nil
}

func isOlder(a, b *cxv1alpha1.Observation) bool {
	order, err := resourceversion.CompareResourceVersion(a.ResourceVersion, b.ResourceVersion)
	return err == nil && order < 0
}

// remove deletes an Observation that nobody asks for any more, if it is the observer's own.
func (w *writer) remove(ctx context.Context, o *cxv1alpha1.Observation) error {
	if !isOwn(o) || o.DeletionTimestamp != nil {
		return nil
	}
	w.written.Delete(client.ObjectKeyFromObject(o))
	err := w.client.Delete(ctx, o, client.Preconditions{UID: &o.UID, ResourceVersion: &o.ResourceVersion})
	if client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("deleting Observation %s/%s: %w", o.Namespace, o.Name, err)
	}
	return nil
}

func isOwn(o *cxv1alpha1.Observation) bool { return o.Labels[managedBy] == FieldManager }

// nameOf is the name of the Observation for a question. Where the names in it are long or have dots, so that others could give the same,
// it ends in a digest of them.
func nameOf(key Key) string {
	parts := []string{string(key.Of.Name)}
	if key.Source != "" {
		parts = append(parts, key.Source)
	}
	name := strings.ToLower(string(key.Of.Kind)) + "-" + strings.Join(parts, ".")
	if len(name) <= maxName && !strings.Contains(string(key.Of.Name)+key.Source, ".") {
		return name
	}
	suffix := "-" + digest(key)
	return strings.TrimRight(name[:min(len(name), maxName-len(suffix))], "-.") + suffix
}
