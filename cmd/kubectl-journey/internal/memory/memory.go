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

// Package memory trades memory for speed. A command that ends after a moment need not collect garbage.
package memory

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

const (
	// roomyPercent is how much the heap of a small portfolio may grow before garbage is collected.
	roomyPercent = 400
	// roomyBytes is how much memory may be used to be faster, for each state of a portfolio that is held at the same time.
	roomyBytes = 800 << 20
)

// states is how many states are held at the same time. It is zero if the user tunes memory, and this package must not.
var states atomic.Int64

// Tune lets the heap grow as long as it is small. It does nothing if GOGC or GOMEMLIMIT is set.
func Tune() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(roomyPercent)
	states.Store(1)
	limitMemory()
	afterCollection(limitMemory)
}

// HoldStates tells how many states of a portfolio a command holds at the same time.
func HoldStates(n int64) {
	if states.CompareAndSwap(1, n) {
		limitMemory()
	}
}

func limitMemory() { debug.SetMemoryLimit(memoryLimit(states.Load(), liveBytes())) }

// memoryLimit is the limit for the runtime. It is higher for a very large portfolio: close to its limit, the runtime would collect garbage all
// the time.
func memoryLimit(states int64, live uint64) int64 {
	return max(states*roomyBytes, int64(live+live*3/4))
}

func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterCollection calls a function after every garbage collection. It adds a cleanup to an object that nobody holds, and that the
// next collection therefore frees.
func afterCollection(do func()) {
	type sentinel struct{ _ [16]byte }
	runtime.AddCleanup(&sentinel{}, func(do func()) {
		do()
		afterCollection(do)
	}, do)
}
