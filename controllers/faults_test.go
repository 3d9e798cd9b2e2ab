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
	"io"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// patchFunc stands between the writers and the API server.
type patchFunc func(object client.Object, send func() error) error

// through has all writes pass a function.
func through(f patchFunc) func(*ctrl.Options, *Options) {
	return func(options *ctrl.Options, _ *Options) {
		options.NewClient = func(config *rest.Config, o client.Options) (client.Client, error) {
			c, err := client.NewWithWatch(config, o)
			if err != nil {
				return nil, err
			}
			return interceptor.NewClient(c, interceptor.Funcs{SubResourcePatch: func(
				ctx context.Context, c client.Client, subResource string, object client.Object, patch client.Patch, opts ...client.SubResourcePatchOption,
			) error {
				return f(object, func() error { return c.SubResource(subResource).Patch(ctx, object, patch, opts...) })
			}}), nil
		}
	}
}

var (
	momentsAPI   = schema.GroupResource{Group: cxv1alpha1.GroupVersion.Group, Resource: "moments"}
	errNotFound  = apierrors.NewNotFound(momentsAPI, "a")
	errConflict  = apierrors.NewConflict(momentsAPI, "a", errors.New("conflict"))
	errForbidden = apierrors.NewForbidden(momentsAPI, "a", errors.New("refused"))
	errTimeout   = apierrors.NewServerTimeout(momentsAPI, "patch", 1)
)

// TestFailingWritesDelayNobodyElse has the writes of one object fail for as long as it takes all others to be written.
func TestFailingWritesDelayNobodyElse(t *testing.T) {
	for name, failure := range map[string]error{
		"NotFound": errNotFound, "Conflict": errConflict, "Forbidden": errForbidden, "ServerTimeout": errTimeout,
	} {
		t.Run(name, func(t *testing.T) {
			const unlucky = "Moment/hand-in-the-parcel"
			var broken atomic.Bool
			var attempts atomic.Int32
			broken.Store(true)
			c := newCluster(t)
			objects := readSample(t, "quickstart")
			c.apply(t, objects...)
			operator := c.start(t, through(func(object client.Object, send func() error) error {
				if broken.Load() && id(object) == unlucky {
					attempts.Add(1)
					return failure
				}
				return send()
			}))
			var writes map[string]int
			if !eventually(func() bool { writes = c.statusWrites(t); return len(writes) == len(objects)-1 }) {
				t.Errorf("only %v were written", writes)
			}
			// Other changes of the same portfolio do not make it try more often.
			if !eventually(func() bool { return attempts.Load() >= 3 }) {
				t.Errorf("tried %d times only", attempts.Load())
			}
			broken.Store(false)
			c.wantEvaluated(t, utcToday())
			writes = operator.wantStill(t, c)
			if writes[unlucky] != 1 || total(writes) != len(objects) {
				t.Errorf("status writes %v", writes)
			}
		})
	}
}

// TestRandomFaults lets nearly half of all writes fail: before the API server sees them, or after it has done what they ask.
func TestRandomFaults(t *testing.T) {
	c := newCluster(t)
	chance := rand.New(rand.NewPCG(1, 2))
	var mu sync.Mutex
	roll := func() int {
		mu.Lock()
		defer mu.Unlock()
		return chance.IntN(10)
	}
	operator := c.start(t, through(func(_ client.Object, send func() error) error {
		switch roll() {
		case 0:
			return errConflict
		case 1:
			return errNotFound
		case 2:
			return errTimeout
		case 3:
			if err := send(); err != nil {
				return err
			}
			return io.ErrUnexpectedEOF // the answer is lost
		}
		return send()
	}))
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	for _, change := range edits(t, c) {
		change.make()
	}
	c.wantEvaluated(t, utcToday())
	operator.wantStill(t, c)
}

// TestLostWatches breaks all connections and lets no new ones succeed for a while, in which the portfolio changes.
func TestLostWatches(t *testing.T) {
	c := newCluster(t)
	network := &network{}
	lossy := *c
	lossy.config = rest.CopyConfig(c.config)
	lossy.config.Wrap(func(next http.RoundTripper) http.RoundTripper { network.next = next; return network })
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	operator := lossy.start(t)
	c.wantEvaluated(t, utcToday())
	writes := operator.wantStill(t, c)

	network.cut()
	before := evaluated(c.list(t), utcToday())
	edit(t, c, &cxv1alpha1.Moment{}, "hand-in-the-parcel", func(m *cxv1alpha1.Moment) { m.Spec.Importance = 1 })
	c.delete(t, objects[len(objects)-1])
	want := differing(before, evaluated(c.list(t), utcToday()))
	if more := since(writes, c.statusWrites(t)); len(more) > 0 {
		t.Errorf("wrote %v while nothing could be seen", more)
	}
	network.mend()
	c.wantEvaluated(t, utcToday())
	got := since(writes, operator.wantStill(t, c))
	for _, id := range want {
		if got[id] == 0 {
			t.Errorf("%s was not written", id)
		}
		delete(got, id)
	}
	// The informers come back one by one, so the portfolio may have been evaluated in between; but only what depends on
	// the changes can have been written for that.
	t.Logf("%d statuses differ, %d more were written on the way", len(want), len(got))
}

// TestLaggingWatches delays all that the informers see, so that writes long precede their echoes.
func TestLaggingWatches(t *testing.T) {
	c := newCluster(t)
	network := &network{}
	slow := *c
	slow.config = rest.CopyConfig(c.config)
	slow.config.Wrap(func(next http.RoundTripper) http.RoundTripper { network.next = next; return network })
	operator := slow.start(t, patiently)
	network.lag.Store(int64(300 * time.Millisecond))
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	c.wantEvaluated(t, utcToday())
	var all []string
	for _, object := range objects {
		all = append(all, id(object))
	}
	operator.setDebounce(20*time.Millisecond, 200*time.Millisecond)
	// Before the echoes have arrived, portfolios are evaluated again.
	operator.markAll()
	time.Sleep(time.Second)
	if diff := cmp.Diff(onceEach(all), operator.wantStill(t, c)); diff != "" {
		t.Errorf("status writes (-want +got):\n%s", diff)
	}
}

// network is a transport that can be cut and be slow in what it receives from watches.
type network struct {
	next http.RoundTripper
	lag  atomic.Int64

	mu      sync.Mutex
	failure error
	watches []*lagging
}

func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	n.mu.Lock()
	failure := n.failure
	n.mu.Unlock()
	if failure != nil {
		return nil, failure
	}
	res, err := n.next.RoundTrip(req)
	if err == nil && req.URL.Query().Get("watch") != "" {
		body := &lagging{ReadCloser: res.Body, lag: &n.lag}
		res.Body = body
		n.mu.Lock()
		n.watches = append(n.watches, body)
		n.mu.Unlock()
	}
	return res, err
}

// refuse lets no new requests through, as where no server listens.
func (n *network) refuse() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failure = syscall.ECONNREFUSED
}

// cut breaks all connections, and lets no new requests through.
func (n *network) cut() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failure = io.ErrUnexpectedEOF
	for _, watch := range n.watches {
		_ = watch.Close()
	}
	n.watches = nil
}

func (n *network) mend() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.failure = nil
}

// lagging hands over late what it reads.
type lagging struct {
	io.ReadCloser

	lag *atomic.Int64
}

func (l *lagging) Read(p []byte) (int, error) {
	n, err := l.ReadCloser.Read(p)
	time.Sleep(time.Duration(l.lag.Load()))
	return n, err
}

// TestStopFinishesWrites stops the manager while a write is on its way.
func TestStopFinishesWrites(t *testing.T) {
	c := newCluster(t)
	begun, goOn := make(chan struct{}), make(chan struct{})
	var once sync.Once
	var result error
	objects := readSample(t, "quickstart")
	c.apply(t, objects...)
	operator := c.start(t, through(func(_ client.Object, send func() error) error {
		first := false
		once.Do(func() { first = true })
		if !first {
			return send()
		}
		close(begun)
		<-goOn
		result = send()
		return result
	}))
	<-begun
	stopped := make(chan struct{})
	go func() { operator.stop(); close(stopped) }()
	select {
	case <-stopped:
		t.Error("stopped without waiting for the write")
	case <-time.After(200 * time.Millisecond):
	}
	close(goOn)
	<-stopped
	if result != nil {
		t.Errorf("the write that had begun: %v", result)
	}
}
