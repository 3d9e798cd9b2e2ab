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

package observer

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"
)

const (
	// maxBackoff is the longest time between two looks that fail, where the interval is not longer.
	maxBackoff = 24 * time.Hour
	// writeBackoff is the time until another look when what was seen could not be written. It doubles, up to the interval.
	writeBackoff = time.Minute
)

// nextSlot is the next time for a look at something: once an interval, at a moment that follows from its name. So looks are spread over
// the interval, and a restart changes nothing of that.
func nextSlot(now time.Time, interval time.Duration, key Key) time.Time {
	sum := sha256.Sum256([]byte(strings.Join([]string{key.Namespace, string(key.Of.Kind), string(key.Of.Name), key.Source}, "/")))
	phase := time.Duration(binary.BigEndian.Uint64(sum[:8]) % uint64(interval))
	begun := now.Add(-phase).Truncate(interval).Add(phase)
	return begun.Add(interval)
}

// afterFailures is the next time for a look after so many looks in a row that failed. It backs off to ever more intervals.
func afterFailures(now time.Time, interval time.Duration, failures int, key Key) time.Time {
	return nextSlot(now.Add(doubled(interval, failures-1, max(interval, maxBackoff))-interval), interval, key)
}

// doubled is a time doubled n times, up to a limit.
func doubled(d time.Duration, n int, limit time.Duration) time.Duration {
	for ; n > 0 && d < limit; n-- {
		d *= 2
	}
	return min(d, limit)
}
