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
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	toolscache "k8s.io/client-go/tools/cache"
)

// When a watch breaks, a reflector goes on from the last version that it saw. That is wrong when the history behind the API
// server is another one now. After a restore of etcd the same versions come again with other contents; after a change of a
// CRD the same versions read differently. Both break all watches. So a relister has its reflector list everything anew when
// a watch ends before its time, and tells of each list.

// relister is a lister and watcher that has a reflector list again after a broken watch.
type relister struct {
	next toolscache.ListerWatcherWithContext
	// listed is told of each list.
	listed func()
	// failed is told of each failure.
	failed func(error)

	mu sync.Mutex
	// fresh tells that the last request was a list.
	fresh bool
	// due is when the last watch ends, if it is not broken. Zero: it could not be opened.
	due time.Time
}

func (r *relister) ListWithContext(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
	list, err := r.next.ListWithContext(ctx, options)
	if err != nil {
		r.failed(err)
		return nil, err
	}
	r.mu.Lock()
	r.fresh = true
	r.mu.Unlock()
	r.listed()
	return list, nil
}

func (r *relister) WatchWithContext(ctx context.Context, options metav1.ListOptions) (watch.Interface, error) {
	lists := options.SendInitialEvents != nil && *options.SendInitialEvents
	if !lists && r.broken() {
		return nil, apierrors.NewResourceExpired("the last watch broke: listing again")
	}
	opened := time.Now()
	w, err := r.next.WatchWithContext(ctx, options)
	r.watched(opened, options.TimeoutSeconds, err)
	switch {
	case err != nil:
		r.failed(err)
	case lists:
		r.listed()
	}
	return w, err
}

// broken tells whether the last watch ended too early, without a list since.
func (r *relister) broken() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.fresh && (r.due.IsZero() || time.Now().Before(r.due))
}

func (r *relister) watched(opened time.Time, seconds *int64, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case apierrors.IsTooManyRequests(err):
		return // It is there, and busy; a list would make it worse.
	case err != nil:
		r.due = time.Time{}
	case seconds != nil:
		r.due = opened.Add(time.Duration(*seconds) * time.Second)
	default:
		r.due = opened
	}
	r.fresh = false
}

// List and Watch are what reflectors called in former times.

func (r *relister) List(options metav1.ListOptions) (runtime.Object, error) {
	return r.ListWithContext(context.Background(), options)
}

func (r *relister) Watch(options metav1.ListOptions) (watch.Interface, error) {
	return r.WatchWithContext(context.Background(), options)
}
