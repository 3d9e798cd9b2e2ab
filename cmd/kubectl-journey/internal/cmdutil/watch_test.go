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

package cmdutil

import (
	"context"
	"sync"
	"testing"
	"time"
)

func TestSettled(t *testing.T) {
	changes := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	changes <- struct{}{}
	if !settled(ctx, changes, time.Millisecond, time.Hour) {
		t.Error("one change is none")
	}
	var sender sync.WaitGroup
	sender.Go(func() {
		for ctx.Err() == nil {
			select {
			case changes <- struct{}{}:
			case <-ctx.Done():
			}
		}
	})
	if !settled(ctx, changes, time.Hour, 20*time.Millisecond) {
		t.Error("many changes are none")
	}
	cancel()
	sender.Wait()
	for len(changes) > 0 {
		<-changes
	}
	if settled(ctx, changes, time.Millisecond, time.Millisecond) {
		t.Error("the end is a change")
	}
}
