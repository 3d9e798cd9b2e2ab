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

// Package iostreams is the standard input, output and error of a command.
package iostreams

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"slices"

	"golang.org/x/term"
	"k8s.io/cli-runtime/pkg/genericiooptions"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Streams are the standard streams of a command. Results go to standard output, everything else to standard error.
type Streams struct {
	genericiooptions.IOStreams

	// notes are the notes of this round, notesBefore those of the last one.
	notes, notesBefore []string
}

// New returns streams for a command.
func New(streams genericiooptions.IOStreams) *Streams { return &Streams{IOStreams: streams} }

// Print writes a result to standard output, through a buffer.
func (s *Streams) Print(write func(w io.Writer) error) error {
	out := bufio.NewWriter(s.Out)
	if err := write(out); err != nil {
		return err
	}
	return out.Flush()
}

// Note tells the user something beside the result, on standard error.
func (s *Streams) Note(format string, args ...any) {
	text := terminal.Line(fmt.Sprintf(format, args...))
	s.notes = append(s.notes, text)
	if !slices.Contains(s.notesBefore, text) {
		_, _ = fmt.Fprintln(s.ErrOut, "note: "+text)
	}
}

// NextRound begins a new round of a watch. A note of the last round is not printed again.
func (s *Streams) NextRound() { s.notesBefore, s.notes = s.notes, nil }

// Screen is the screen of standard output: its width, and whether it has colours.
func (s *Streams) Screen() terminal.Screen { return terminal.ScreenOf(s.Out, os.Getenv) }

// IsInTerminal tells whether standard input is a keyboard. Then a command that reads it waits for the user to type.
func (s *Streams) IsInTerminal() bool { return isTerminal(s.In) }

// IsOutTerminal tells whether standard output is a screen.
func (s *Streams) IsOutTerminal() bool { return isTerminal(s.Out) }

func isTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}
