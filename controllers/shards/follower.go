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

package shards

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/go-logr/logr"
	"github.com/prometheus/client_golang/prometheus"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

// Interval is how often claims are compared. Something must be wrong twice to be told.
const Interval = 20 * time.Second

// maxClaim bounds the text of a claim, which is written again whenever the lease is renewed.
const maxClaim = 64 << 10

var misclaimed = prometheus.NewGaugeVec(prometheus.GaugeOpts{
	Name: "journey_operator_misclaimed_namespaces",
	Help: "Namespaces with journeys that no operator works in (by none), or more than one (by several), as far as this one can see.",
}, []string{"by"})

func init() {
	metrics.Registry.MustRegister(misclaimed)
	misclaimed.WithLabelValues("none")
	misclaimed.WithLabelValues("several")
}

// Follower claims the namespaces of an operator, and follows the claims of others.
type Follower struct {
	// Client reads from the API server, and writes to it.
	Client client.Client
	// Lease is the operator's own.
	Lease client.ObjectKey
	// Claim is what the operator works in.
	Claim labels.Selector
	// ReadsLabels tells that the operator may list namespaces, and so knows the labels of all.
	ReadsLabels bool
	// Holders returns the namespaces that hold journeys, as far as the operator can see.
	Holders func() []string
	// Elected is closed when this replica leads.
	Elected <-chan struct{}
	Clock   clock.WithTicker
	Log     logr.Logger
	// Interval is how often claims are compared.
	Interval time.Duration

	book book
	last Findings
	// blind tells that the log has said why claims cannot be compared.
	blind bool

	mu   sync.Mutex
	told Findings
}

// NeedLeaderElection lets followers compare as well.
func (*Follower) NeedLeaderElection() bool {
	return false
}

// Start follows until ctx ends.
func (f *Follower) Start(ctx context.Context) error {
	ticker := f.Clock.NewTicker(f.Interval)
	defer ticker.Stop()
	for {
		f.claim(ctx)
		f.compare(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C():
		}
	}
}

// claim writes the operator's claim to its lease, if this replica leads and it is not there yet.
func (f *Follower) claim(ctx context.Context) {
	select {
	case <-f.Elected:
	default:
		return
	}
	text := f.Claim.String()
	lease := &coordinationv1.Lease{}
	err := f.Client.Get(ctx, f.Lease, lease)
	if written, ok := lease.Annotations[Annotation]; err == nil && (!ok || written != text) && len(text) <= maxClaim {
		metav1.SetMetaDataAnnotation(&lease.ObjectMeta, Annotation, text)
		err = f.Client.Update(ctx, lease)
	}
	if err != nil && !apierrors.IsConflict(err) && ctx.Err() == nil {
		f.Log.V(1).Info("Claiming the namespaces on the lease failed; trying again", "lease", f.Lease, "error", err.Error())
	}
}

// compare looks at the claims of all, and tells what is wrong.
func (f *Follower) compare(ctx context.Context) {
	if f.Claim.Empty() {
		return // All namespaces: only others could be wrong, and they tell.
	}
	leases := &coordinationv1.LeaseList{}
	if err := f.Client.List(ctx, leases, client.InNamespace(f.Lease.Namespace)); err != nil {
		f.unseen(ctx, err)
		return
	}
	known, err := f.labels(ctx)
	if err != nil {
		f.unseen(ctx, err)
		return
	}
	f.blind = false
	now := f.Clock.Now()
	others := leases.Items[:0]
	for i := range leases.Items {
		if leases.Items[i].Name != f.Lease.Name {
			others = append(others, leases.Items[i])
		}
	}
	f.book.update(others, now)
	found := judge(f.Holders(), known, append(f.book.live(now), f.Claim))
	lasting := found.and(f.last)
	f.last = found
	f.tell(lasting)
}

// unseen logs once that claims cannot be compared.
func (f *Follower) unseen(ctx context.Context, err error) {
	if f.blind || ctx.Err() != nil {
		return
	}
	f.blind = true
	f.Log.Info("Cannot tell which namespaces several operators work in, or none; trying again", "error", err.Error())
}

// labels returns those of all namespaces, or nil where the operator may not read them.
func (f *Follower) labels(ctx context.Context) (map[string]labels.Set, error) {
	if !f.ReadsLabels {
		return nil, nil
	}
	list := &metav1.PartialObjectMetadataList{}
	list.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("NamespaceList"))
	if err := f.Client.List(ctx, list); err != nil {
		return nil, fmt.Errorf("reading the labels of namespaces: %w", err)
	}
	all := make(map[string]labels.Set, len(list.Items))
	for i := range list.Items {
		all[list.Items[i].Name] = list.Items[i].Labels
	}
	return all, nil
}

// tell tells what changed.
func (f *Follower) tell(now Findings) {
	f.mu.Lock()
	before := f.told
	f.told = now
	f.mu.Unlock()
	misclaimed.WithLabelValues("none").Set(float64(now.None.Len()))
	misclaimed.WithLabelValues("several").Set(float64(now.Several.Len()))
	if !before.None.Equal(now.None) {
		f.Log.Info("Namespaces with journeys that no operator works in: label them for one, or name them to one",
			"count", now.None.Len(), "namespaces", Some(sets.List(now.None)))
	}
	if !before.Several.Equal(now.Several) {
		f.Log.Info("Namespaces that more than one operator works in: let their selectors or lists of names not overlap",
			"count", now.Several.Len(), "namespaces", Some(sets.List(now.Several)))
	}
}

// Notes says in sentences what is wrong.
func (f *Follower) Notes() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var notes []string
	if f.told.None.Len() > 0 {
		notes = append(notes, "namespaces with journeys that no operator works in: "+Some(sets.List(f.told.None)))
	}
	if f.told.Several.Len() > 0 {
		notes = append(notes, "namespaces that more than one operator works in: "+Some(sets.List(f.told.Several)))
	}
	return notes
}
