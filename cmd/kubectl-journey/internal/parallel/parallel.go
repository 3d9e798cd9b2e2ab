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

// Package parallel spreads work over the processors.
package parallel

import (
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Map calls do for all inputs, on all processors. It returns the results in the order of the inputs, or the error of one of them.
func Map[In, Out any](inputs []In, do func(In) (Out, error)) ([]Out, error) {
	outputs := make([]Out, len(inputs))
	var next atomic.Int64
	var workers errgroup.Group
	for range min(runtime.GOMAXPROCS(0), len(inputs)) {
		workers.Go(func() (err error) {
			for i := next.Add(1) - 1; int(i) < len(inputs) && err == nil; i = next.Add(1) - 1 {
				outputs[i], err = do(inputs[i])
			}
			return err
		})
	}
	return outputs, workers.Wait()
}
