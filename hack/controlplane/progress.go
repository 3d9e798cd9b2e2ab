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

package controlplane

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

const (
	terminalInterval = 200 * time.Millisecond
	logInterval      = 15 * time.Second
)

// reporter shows the progress of long work. On a terminal it rewrites one line. Elsewhere it writes a new line now and
// then: enough for the log of a CI job to show life.
type reporter struct {
	out      io.Writer
	terminal bool
	now      func() time.Time

	mu   sync.Mutex
	last time.Time
}

func newReporter(out io.Writer) *reporter {
	if out == nil {
		out = io.Discard
	}
	return &reporter{out: out, terminal: isTerminal(out), now: time.Now}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// update shows a line that the next one replaces. It does nothing right after another update.
func (r *reporter) update(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	interval := logInterval
	if r.terminal {
		interval = terminalInterval
	}
	if now := r.now(); now.Sub(r.last) >= interval {
		r.last = now
		r.write(line, !r.terminal)
	}
}

// say shows a line that stays.
func (r *reporter) say(line string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.last = r.now()
	r.write(line, true)
}

func (r *reporter) write(line string, stays bool) {
	if r.terminal {
		line = "\r\x1b[K" + line
	}
	if stays {
		line += "\n"
	}
	// Work goes on when its progress cannot be shown.
	_, _ = io.WriteString(r.out, line)
}

// clear removes the line that update left on a terminal.
func (r *reporter) clear() {
	if r.terminal {
		_, _ = io.WriteString(r.out, "\r\x1b[K")
	}
}

// meter counts what a build has done. It reports that also while the go command prints nothing.
type meter struct {
	reporter *reporter
	what     string
	started  time.Time

	mu         sync.Mutex
	total      int
	compiled   int
	downloaded int
}

func (m *meter) add(compiled, downloaded int) {
	m.mu.Lock()
	m.compiled += compiled
	m.downloaded += downloaded
	m.mu.Unlock()
	m.reporter.update(m.String())
}

func (m *meter) setTotal(packages int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.total = packages
}

// String tells how many packages were compiled. Go does not name those that it found in its cache.
func (m *meter) String() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	elapsed := m.reporter.now().Sub(m.started).Round(time.Second)
	if m.total == 0 {
		return fmt.Sprintf("building %s: %d modules downloaded, %s", m.what, m.downloaded, elapsed)
	}
	return fmt.Sprintf("building %s: %d of at most %d packages, %s", m.what, m.compiled, m.total, elapsed)
}

// tick reports until the returned function is called.
func (m *meter) tick() (stop func()) {
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			m.reporter.update(m.String())
			select {
			case <-done:
				return
			case <-ticker.C:
			}
		}
	}()
	return func() { close(done); <-gone }
}
