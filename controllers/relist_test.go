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
	"errors"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

func TestListsAnewAfterABrokenWatch(t *testing.T) {
	const timeout = 5 * time.Minute
	for _, test := range []struct {
		name string
		// Given a watch that lasts for this time,
		lasts time.Duration
		// when the next attempt to watch fails like this, if it fails,
		failure error
		// then the one after that asks for a list, or goes on.
		wantList bool
	}{
		{"a watch that ends in its time", timeout, nil, false},
		{"a watch that breaks", timeout - time.Second, nil, true},
		{"an API server that is away", timeout, errors.New("connection refused"), true},
		{"an API server that is busy", timeout, apierrors.NewTooManyRequestsError("busy"), false},
		{"a watch that breaks, and an API server that is busy", time.Second, apierrors.NewTooManyRequestsError("busy"), true},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, heard := &stubServer{}, 0
				r := &relister{next: server, listed: func() { heard++ }, failed: func(error) {}}
				open := func() error {
					_, err := r.WatchWithContext(t.Context(), metav1.ListOptions{TimeoutSeconds: new(int64(timeout / time.Second))})
					return err
				}
				list := func() {
					if _, err := r.ListWithContext(t.Context(), metav1.ListOptions{}); err != nil {
						t.Fatal(err)
					}
				}
				list()
				if err := open(); err != nil {
					t.Fatal(err)
				}
				time.Sleep(test.lasts)
				if test.failure != nil {
					server.failure = test.failure
					_ = open()
					server.failure = nil
				}
				err := open()
				if apierrors.IsResourceExpired(err) != test.wantList || err == nil == test.wantList {
					t.Errorf("got %v, list anew: %v", err, test.wantList)
				}
				// A list makes all well again, and is told.
				list()
				if err := open(); err != nil {
					t.Error(err)
				}
				if heard != 2 {
					t.Errorf("heard of %d lists", heard)
				}
			})
		})
	}
}

func TestWatchThatListsIsToldToo(t *testing.T) {
	heard := 0
	r := &relister{next: &stubServer{}, listed: func() { heard++ }}
	if _, err := r.WatchWithContext(t.Context(), metav1.ListOptions{SendInitialEvents: new(true)}); err != nil || heard != 1 {
		t.Errorf("%v, heard of %d lists", err, heard)
	}
}

// TestReflectorEndsAtOnce ends reflectors that have tried in vain for long, and so wait for long before they try again.
func TestReflectorEndsAtOnce(t *testing.T) {
	for name, failure := range map[string]error{
		"an API server that is away": syscall.ECONNREFUSED,
		"an API server that is busy": apierrors.NewTooManyRequestsError("busy"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				ended, failures := make(chan struct{}), 0
				r := &relister{next: &stubServer{failure: failure}, listed: func() {}, failed: func(error) { failures++ }}
				go func() {
					defer close(ended)
					runReflector(ctx, r, &cxv1alpha1.Moment{}, &stream{})
				}()
				for failures < 20 { // They come less and less often.
					passTime(time.Second)
				}
				cancelled := time.Now()
				cancel()
				<-ended
				if took := time.Since(cancelled); took > 0 {
					t.Errorf("ended after %s", took)
				}
			})
		})
	}
}

// stubServer answers, or fails to.
type stubServer struct{ failure error }

func (s *stubServer) ListWithContext(context.Context, metav1.ListOptions) (runtime.Object, error) {
	return &cxv1alpha1.MomentList{}, s.failure
}

func (s *stubServer) WatchWithContext(context.Context, metav1.ListOptions) (watch.Interface, error) {
	return watch.NewFake(), s.failure
}
