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

package daemon

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestManagerThatDoesNotStop(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	deaf := func(context.Context) error { select {} }
	if err := untilStopped(ctx, deaf, time.Millisecond); err == nil || !strings.Contains(err.Error(), "did not stop within 1ms") {
		t.Errorf("a manager that does not stop: %v", err)
	}
	broken := errors.New("broken")
	if err := untilStopped(t.Context(), func(context.Context) error { return broken }, time.Millisecond); !errors.Is(err, broken) {
		t.Errorf("a manager that fails: %v", err)
	}
	obedient := func(ctx context.Context) error { <-ctx.Done(); return nil }
	if err := untilStopped(ctx, obedient, time.Minute); err != nil {
		t.Errorf("a manager that stops: %v", err)
	}
}
