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

// fairQueue is the order in which a lane takes what is due: one of each namespace in turn, and of a namespace the first that came.
// However much one namespace asks, another waits for no more than one question of each.
//
// It is storage for a workqueue, which calls it from one goroutine at a time.
type fairQueue struct {
	// turns has each namespace once that has something waiting.
	turns   []string
	waiting map[string][]Key
	length  int
}

func newFairQueue() *fairQueue { return &fairQueue{waiting: map[string][]Key{}} }

// Touch does nothing: what is asked for again keeps its place.
func (q *fairQueue) Touch(Key) {}

// Push adds a key at the end of its namespace.
func (q *fairQueue) Push(key Key) {
	if len(q.waiting[key.Namespace]) == 0 {
		q.turns = append(q.turns, key.Namespace)
	}
	q.waiting[key.Namespace] = append(q.waiting[key.Namespace], key)
	q.length++
}

// Len is the number of keys.
func (q *fairQueue) Len() int { return q.length }

// Pop takes the next key.
func (q *fairQueue) Pop() Key {
	namespace := q.turns[0]
	q.turns = q.turns[1:]
	keys := q.waiting[namespace]
	if len(keys) == 1 {
		delete(q.waiting, namespace)
	} else {
		q.waiting[namespace] = keys[1:]
		q.turns = append(q.turns, namespace)
	}
	q.length--
	return keys[0]
}
