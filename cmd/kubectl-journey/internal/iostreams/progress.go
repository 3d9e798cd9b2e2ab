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

package iostreams

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// patience is how long a command works before it says what it does.
const patience = time.Second

// Progress says on a terminal what the command is doing, and for how long, if it takes longer than a second. done ends this and clears the
// line. In pipes and files nothing is printed.
func (s *Streams) Progress(what string) (done func()) {
	if what == "" || !isTerminal(s.ErrOut) {
		return func() {}
	}
	return showProgress(s.ErrOut, what, patience)
}

// showProgress prints one line again and again, once in each period of patience.
func showProgress(w io.Writer, what string, patience time.Duration) (done func()) {
	begin := time.Now()
	ended := make(chan struct{})
	var writer sync.WaitGroup
	writer.Go(func() {
		ticker := time.NewTicker(patience)
		defer ticker.Stop()
		shown := false
		for {
			select {
			case <-ended:
				if shown {
					_, _ = io.WriteString(w, "\r\x1b[K")
				}
				return
			case <-ticker.C:
				shown = true
				_, _ = fmt.Fprintf(w, "\r\x1b[K%s ... %d s", what, int(time.Since(begin).Seconds()))
			}
		}
	})
	return sync.OnceFunc(func() {
		close(ended)
		writer.Wait()
	})
}
