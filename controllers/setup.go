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
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/controller"
	"sigs.k8s.io/controller-runtime/pkg/controller/priorityqueue"
	"sigs.k8s.io/controller-runtime/pkg/healthz"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfoliometrics"
	"github.com/journeyops/journey-operator/controllers/shards"
	"github.com/journeyops/journey-operator/controllers/warnings"
)

// Defaults of Options.
const (
	DefaultDebounceIdle             = 100 * time.Millisecond
	DefaultDebounceMax              = time.Second
	DefaultDebounceBurst            = 30 * time.Second
	DefaultEventDelay               = 10 * time.Second
	DefaultMaxConcurrentEvaluations = 2
	DefaultMaxConcurrentWrites      = 4
)

// namespaceTimeout bounds the look at a namespace, for which an evaluation waits.
const namespaceTimeout = 5 * time.Second

// EventReporter is the reportingController of the events that the operator records.
const EventReporter = "journey-operator"

// Options of the controllers. Zero values mean the defaults.
type Options struct {
	// Scope says in which namespaces to work.
	Scope Scope
	// DebounceIdle is how long a portfolio's specs must be quiet after a change before it is evaluated. After a change of many objects
	// it is so many times that, up to DebounceMax.
	DebounceIdle time.Duration
	// DebounceMax is how long an evaluation waits at most after a change, while more changes arrive. While many objects change it
	// is so many times that, up to DebounceBurst.
	DebounceMax time.Duration
	// DebounceBurst is how long an evaluation waits at most, however many objects change.
	DebounceBurst time.Duration
	// EventDelay is how long a portfolio must be quiet before events tell what changed in its statuses.
	EventDelay time.Duration
	// MaxConcurrentEvaluations is the number of portfolios that are evaluated at the same time.
	MaxConcurrentEvaluations int
	// MaxConcurrentWrites is the number of statuses that are written at the same time, of each kind.
	MaxConcurrentWrites int
	// Warnings says where the API server asks what changes do; nil where it does not.
	Warnings *warnings.Options
	// Clock tells the time. Tests set it.
	Clock clock.WithTicker
	// Metrics is where the controllers register the metrics of what they do and of the portfolios. Nowhere, if it is nil.
	Metrics prometheus.Registerer
	// MetricsAllMoments gives all moments series of their own, and not only the moments of truth.
	MetricsAllMoments bool
	// Lease is the one that replicas compete for. With it, the operator tells of namespaces that no operator works in, or several.
	Lease client.ObjectKey
	// Version and Revision are those of the operator, for its metrics.
	Version, Revision string
	// claimsInterval is how often the claims of several operators are compared. Tests set it.
	claimsInterval time.Duration
	// evaluate is the model. Tests set it.
	evaluate func(portfolio.Objects, cxv1alpha1.Date) outcome
}

func (o *Options) setDefaults() {
	if o.DebounceIdle == 0 {
		o.DebounceIdle = DefaultDebounceIdle
	}
	if o.DebounceMax == 0 {
		o.DebounceMax = DefaultDebounceMax
	}
	if o.DebounceBurst == 0 {
		o.DebounceBurst = DefaultDebounceBurst
	}
	if o.EventDelay == 0 {
		o.EventDelay = DefaultEventDelay
	}
	if o.MaxConcurrentEvaluations == 0 {
		o.MaxConcurrentEvaluations = DefaultMaxConcurrentEvaluations
	}
	if o.MaxConcurrentWrites == 0 {
		o.MaxConcurrentWrites = DefaultMaxConcurrentWrites
	}
	if o.claimsInterval == 0 {
		o.claimsInterval = shards.Interval
	}
	if o.Clock == nil {
		o.Clock = clock.RealClock{}
	}
	if o.evaluate == nil {
		o.evaluate = func(objects portfolio.Objects, today cxv1alpha1.Date) outcome {
			return evaluate(objects, today, o.MetricsAllMoments)
		}
	}
}

// evaluate returns the statuses and metrics without the graph that they came from, which is large.
func evaluate(objects portfolio.Objects, today cxv1alpha1.Date, allMoments bool) outcome {
	evaluation := portfolio.Evaluate(objects, today)
	return outcome{evaluation.Statuses, portfoliometrics.Measure(evaluation, allMoments)}
}

// SetupWithManager adds the controllers of all kinds to a manager. They read by themselves, and not through the manager's
// cache. It returns what answers readiness probes: the operator is ready once every portfolio has been evaluated.
func SetupWithManager(mgr ctrl.Manager, options Options) (ready http.Handler, err error) {
	_, ready, err = setup(mgr, options)
	return ready, err
}

func setup(mgr ctrl.Manager, options Options) (*engine, *readiness, error) {
	options.setDefaults()
	e := newEngine(mgr.GetLogger().WithName("engine"), options)
	e.terminating = func(ctx context.Context, namespace string) bool {
		return isTerminating(ctx, mgr.GetAPIReader(), namespace)
	}
	reader, err := newReader(mgr)
	if err != nil {
		return nil, nil, err
	}
	in := newIntake(e, reader, options.Scope, mgr.GetLogger().WithName("intake"))
	if err := mgr.Add(in); err != nil {
		return nil, nil, fmt.Errorf("adding the intake: %w", err)
	}
	if err := mgr.Add(e); err != nil {
		return nil, nil, fmt.Errorf("adding the engine: %w", err)
	}
	if options.Metrics != nil {
		if err := register(options.Metrics, e, options.Version, options.Revision); err != nil {
			return nil, nil, err
		}
	}
	ready := &readiness{
		checks: healthz.Handler{Checks: map[string]healthz.Checker{"evaluated": e.Ready}},
		notes:  []func() []string{in.notes},
	}
	if options.Lease.Name != "" {
		follower, err := followClaims(mgr, in, reader, options)
		if err != nil {
			return nil, nil, err
		}
		ready.notes = append(ready.notes, follower.Notes)
	}
	e.teller.recorder = mgr.GetEventRecorder(EventReporter)
	if err := mgr.Add(e.teller); err != nil {
		return nil, nil, fmt.Errorf("adding the teller of events: %w", err)
	}
	if options.Warnings != nil {
		if err := warnings.SetupWithManager(mgr, knownPortfolios{e, options.Scope.everywhere()}, *options.Warnings); err != nil {
			return nil, nil, fmt.Errorf("adding the warnings: %w", err)
		}
	}
	for k := range cxv1alpha1.EvaluatedKinds() {
		writes, err := controller.New(k.Singular, mgr, controller.Options{
			Reconciler:              newWriter(k, e, mgr.GetClient(), in.wrote),
			MaxConcurrentReconciles: options.MaxConcurrentWrites,
			// Panics only: failed writes have the writer's own backoff.
			RateLimiter: workqueue.NewTypedItemExponentialFailureRateLimiter[reconcile.Request](writeBackoff, maxWriteBackoff),
		})
		if err != nil {
			return nil, nil, fmt.Errorf("adding the controller of %s: %w", k.Name, err)
		}
		if err := writes.Watch(queueFrom(e, k)); err != nil {
			return nil, nil, fmt.Errorf("adding the controller of %s: %w", k.Name, err)
		}
	}
	return e, ready, nil
}

// followClaims adds what claims the namespaces of the scope, and compares the claims of several operators.
func followClaims(mgr ctrl.Manager, in *intake, c client.Client, options Options) (*shards.Follower, error) {
	claim, err := options.Scope.claim()
	if err != nil {
		return nil, err
	}
	follower := &shards.Follower{
		Client: c, Lease: options.Lease, Claim: claim, ReadsLabels: options.Scope.Selector != nil, Holders: in.holders,
		Elected: mgr.Elected(), Clock: options.Clock, Log: mgr.GetLogger().WithName("claims"), Interval: options.claimsInterval,
	}
	if err := mgr.Add(follower); err != nil {
		return nil, fmt.Errorf("adding what follows claims: %w", err)
	}
	return follower, nil
}

// newReader returns a client that lists and watches the kinds, which must be installed.
func newReader(mgr ctrl.Manager) (client.WithWatch, error) {
	for _, k := range cxv1alpha1.Kinds {
		kind := cxv1alpha1.GroupVersion.WithKind(k.Name)
		if _, err := mgr.GetRESTMapper().RESTMapping(kind.GroupKind(), kind.Version); err != nil {
			return nil, fmt.Errorf("watching kind %s (are the CRDs installed?): %w", k.Name, err)
		}
	}
	reader, err := client.NewWithWatch(mgr.GetConfig(), client.Options{
		Scheme: mgr.GetScheme(), HTTPClient: mgr.GetHTTPClient(), Mapper: mgr.GetRESTMapper(),
	})
	if err != nil {
		return nil, fmt.Errorf("making a client: %w", err)
	}
	return reader, nil
}

// isTerminating tells whether a namespace is being deleted, or gone. Where that cannot be found out, it is taken to stay.
func isTerminating(ctx context.Context, reader client.Reader, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, namespaceTimeout)
	defer cancel()
	namespace := &metav1.PartialObjectMetadata{}
	namespace.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Namespace"))
	err := reader.Get(ctx, client.ObjectKey{Name: name}, namespace)
	return apierrors.IsNotFound(err) || err == nil && namespace.DeletionTimestamp != nil
}

// queueFrom is the source of a controller's queue: the engine.
func queueFrom(e *engine, k *cxv1alpha1.Kind) source.Source {
	return source.Func(func(_ context.Context, queue workqueue.TypedRateLimitingInterface[reconcile.Request]) error {
		prioritized, ok := queue.(priorityqueue.PriorityQueue[reconcile.Request])
		if !ok {
			return fmt.Errorf("the queue of %s knows no priorities: it is a %T", k.Name, queue)
		}
		e.attach(k, prioritized)
		return nil
	})
}
