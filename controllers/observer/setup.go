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
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/time/rate"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer/guard"
)

// Indexes of the manager's cache.
const (
	// sourceIndex finds the objects that ask a Source, by its name.
	sourceIndex = "observer.source"
	// ofIndex finds the Observations of an object, by its kind and name.
	ofIndex = "observer.of"
)

// Options of the observer.
type Options struct {
	// Providers know how to ask the types of Source.
	Providers map[cxv1alpha1.SourceType]Provider
	// Namespace that the observer runs in. The Secrets of Sources are there.
	Namespace string
	// Transport that all requests leave through; see guard.NewTransport.
	Transport http.RoundTripper
	// UserAgent that requests have.
	UserAgent string
	// Metrics is where the observer registers the metrics of what it does. Nowhere, if it is nil.
	Metrics prometheus.Registerer
	// Now tells the time. Tests set it.
	Now func() time.Time
}

// SetupWithManager adds the observer to a manager. All of it runs on the leader.
func SetupWithManager(mgr ctrl.Manager, o Options) error {
	if o.Now == nil {
		o.Now = time.Now
	}
	s := newScheduler(mgr.GetLogger().WithName("observer"), o.Providers, o.Now)
	w := newWriter(mgr.GetClient(), s.metrics)
	s.recorder = w
	secrets := newSecrets(mgr.GetAPIReader(), o.Namespace)
	s.client = func(source *cxv1alpha1.Source, limiter *rate.Limiter) (*http.Client, error) {
		return guard.NewClient(guard.Options{
			URL: source.Spec.URL, Transport: o.Transport, Limiter: limiter, Credentials: secrets.of(source), UserAgent: o.UserAgent,
		})
	}
	if o.Metrics != nil {
		if err := s.metrics.register(o.Metrics, s); err != nil {
			return err
		}
	}
	if err := mgr.Add(s); err != nil {
		return fmt.Errorf("adding the scheduler: %w", err)
	}
	if err := mgr.GetFieldIndexer().IndexField(context.Background(), &cxv1alpha1.Observation{}, ofIndex, func(o client.Object) []string {
		of := o.(*cxv1alpha1.Observation).Spec.Of
		return []string{indexOf(string(of.Kind), string(of.Name))}
	}); err != nil {
		return fmt.Errorf("indexing the observations: %w", err)
	}
	for _, name := range []string{cxv1alpha1.MetricKind, cxv1alpha1.RoadmapItemKind, cxv1alpha1.BuildingBlockKind} {
		f := &follower{kind: cxv1alpha1.KindNamed(name), client: mgr.GetClient(), sources: sources{mgr.GetClient()}, writer: w, scheduler: s}
		if err := f.setup(mgr); err != nil {
			return fmt.Errorf("following kind %s: %w", name, err)
		}
	}
	return nil
}

func indexOf(kind, name string) string { return kind + "/" + name }

// follower keeps the scheduler informed of what the objects of a kind ask, and deletes Observations that nobody asks for any more.
type follower struct {
	kind      *cxv1alpha1.Kind
	client    client.Client
	sources   sources
	writer    *writer
	scheduler *scheduler
}

func (f *follower) setup(mgr ctrl.Manager) error {
	if err := mgr.GetFieldIndexer().IndexField(context.Background(), f.kind.New(), sourceIndex, func(o client.Object) []string {
		var names []string
		for _, q := range questionsOf(o.(cxv1alpha1.Object)) {
			if q.Source != "" {
				names = append(names, q.Source)
			}
		}
		return names
	}); err != nil {
		return err
	}
	namespaces := &metav1.PartialObjectMetadata{}
	namespaces.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	return ctrl.NewControllerManagedBy(mgr).
		Named(f.kind.Singular).
		For(f.kind.New()).
		Watches(&cxv1alpha1.Observation{}, handler.EnqueueRequestsFromMapFunc(f.observed)).
		Watches(&cxv1alpha1.Source{}, handler.EnqueueRequestsFromMapFunc(func(ctx context.Context, source client.Object) []reconcile.Request {
			return f.list(ctx, client.MatchingFields{sourceIndex: source.GetName()})
		})).
		WatchesMetadata(namespaces, handler.EnqueueRequestsFromMapFunc(func(ctx context.Context, namespace client.Object) []reconcile.Request {
			return f.list(ctx, client.InNamespace(namespace.GetName()))
		}), builder.WithPredicates(predicate.LabelChangedPredicate{})).
		Complete(f)
}

// observed maps an Observation to its object.
func (f *follower) observed(_ context.Context, o client.Object) []reconcile.Request {
	of := o.(*cxv1alpha1.Observation).Spec.Of
	if string(of.Kind) != f.kind.Name {
		return nil
	}
	return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: o.GetNamespace(), Name: string(of.Name)}}}
}

// list maps something to the objects that it concerns.
func (f *follower) list(ctx context.Context, options ...client.ListOption) []reconcile.Request {
	list := f.kind.NewList()
	if err := f.client.List(ctx, list, options...); err != nil {
		f.scheduler.log.Error(err, "Listing objects", "kind", f.kind.Name)
		return nil
	}
	var requests []reconcile.Request
	_ = meta.EachListItem(list, func(item runtime.Object) error {
		requests = append(requests, reconcile.Request{NamespacedName: client.ObjectKeyFromObject(item.(client.Object))})
		return nil
	})
	return requests
}

// Reconcile takes over what an object asks.
func (f *follower) Reconcile(ctx context.Context, request reconcile.Request) (reconcile.Result, error) {
	of := objectKey{request.Namespace, cxv1alpha1.ObservedReference{
		Kind: cxv1alpha1.ObservedKind(f.kind.Name), Name: cxv1alpha1.ObjectName(request.Name),
	}}
	object := f.kind.New()
	var questions []question
	switch err := f.client.Get(ctx, request.NamespacedName, object); {
	case err == nil:
		questions = questionsOf(object)
	case !apierrors.IsNotFound(err):
		return reconcile.Result{}, fmt.Errorf("reading %s %s: %w", f.kind.Name, request, err)
	}
	asks, err := f.asks(ctx, questions)
	if err != nil {
		return reconcile.Result{}, err
	}
	if err := f.scheduler.follow(ctx, of, object, asks); err != nil {
		return reconcile.Result{}, err
	}
	return reconcile.Result{}, f.tidy(ctx, of, questions)
}

// asks finds out of each question who is asked, and whether there is an answer.
func (f *follower) asks(ctx context.Context, questions []question) ([]asking, error) {
	asks := make([]asking, 0, len(questions))
	for _, q := range questions {
		access, err := f.sources.accessTo(ctx, q.Key)
		if err != nil {
			return nil, err
		}
		answer, err := f.writer.current(ctx, q.Key)
		if err != nil {
			return nil, err
		}
		asks = append(asks, asking{q, access, answer != nil && isOwn(answer) && answer.Annotations[questionAnnotation] == q.asked})
	}
	return asks, nil
}

// tidy deletes the observer's own Observations of an object that it asks for no more.
func (f *follower) tidy(ctx context.Context, of objectKey, questions []question) error {
	list := &cxv1alpha1.ObservationList{}
	if err := f.client.List(ctx, list, client.InNamespace(of.Namespace), client.MatchingFields{ofIndex: indexOf(string(of.Kind), string(of.Name))}); err != nil {
		return fmt.Errorf("listing the observations of %s %s/%s: %w", of.Kind, of.Namespace, of.Name, err)
	}
	wanted := make(map[string]bool, len(questions))
	for _, q := range questions {
		wanted[nameOf(q.Key)] = true
	}
	for n := range list.Items {
		if !wanted[list.Items[n].Name] {
			if err := f.writer.remove(ctx, &list.Items[n]); err != nil {
				return err
			}
		}
	}
	return nil
}
