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

package memory

import (
	"runtime"
	"testing"
	"time"
)

func TestMemoryLimit(t *testing.T) {
	for _, test := range []struct {
		states int64
		live   uint64
		want   int64
	}{
		{1, 0, roomyBytes}, {1, 400 << 20, roomyBytes}, {1, 4 << 30, 7 << 30}, {2, 400 << 20, 2 * roomyBytes},
	} {
		if got := memoryLimit(test.states, test.live); got != test.want {
			t.Errorf("%d states, %d bytes: %d, want %d", test.states, test.live, got, test.want)
		}
	}
}

func TestAfterCollection(t *testing.T) {
	done := make(chan bool)
	afterCollection(func() {
		select {
		case done <- true:
		case <-t.Context().Done(): // Collections go on after the test.
		}
	})
	for range 3 {
		waitCollecting(done)
	}
}

// waitCollecting collects garbage until something is received. One collection is not enough: the next sentinel may be made only after it.
func waitCollecting(done <-chan bool) {
	for {
		runtime.GC()
		select {
		case <-done:
			return
		case <-time.After(time.Millisecond):
		}
	}
}
