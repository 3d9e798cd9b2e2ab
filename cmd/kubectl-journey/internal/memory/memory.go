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

// Package memory trades memory for speed: a command that is done in a moment need not collect garbage.
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
	// roomyBytes is the memory that is not exceeded for the sake of speed, for each state of a portfolio that is held at a time.
	roomyBytes = 800 << 20
)

// states is how many states are held at a time; zero when memory is not ours to tune.
var states atomic.Int64

// Tune lets the heap grow as long as it is small. GOGC and GOMEMLIMIT of the environment go before.
func Tune() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(roomyPercent)
	states.Store(1)
	limitMemory()
	afterCollection(limitMemory)
}

// HoldStates tells how many states of a portfolio a command holds at a time.
func HoldStates(n int64) {
	if states.CompareAndSwap(1, n) {
		limitMemory()
	}
}

func limitMemory() { debug.SetMemoryLimit(memoryLimit(states.Load(), liveBytes())) }

// memoryLimit leaves a portfolio beyond all measure some room to grow: close to its limit the runtime would do nothing but collect
// garbage.
func memoryLimit(states int64, live uint64) int64 {
	return max(states*roomyBytes, int64(live+live*3/4))
}

func liveBytes() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// afterCollection calls a function after every garbage collection: what nobody holds is found by the next one.
func afterCollection(do func()) {
	type sentinel struct{ _ [16]byte }
	runtime.AddCleanup(&sentinel{}, func(do func()) {
		do()
		afterCollection(do)
	}, do)
}
