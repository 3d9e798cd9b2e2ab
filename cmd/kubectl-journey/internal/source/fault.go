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

package source

import (
	"fmt"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Place is where something stands in the input.
type Place struct {
	// File is the path as it was given, or "stdin".
	File string
	// Line counts from 1; 0 means the file as a whole.
	Line int
}

// String returns the place as file:line, as compilers do.
func (p Place) String() string {
	file := terminal.Line(p.File)
	if p.Line == 0 {
		return file
	}
	return fmt.Sprintf("%s:%d", file, p.Line)
}

// Fault is one thing that is wrong with the input.
type Fault struct {
	Place Place
	// Object is the object with the fault, for instance Moment "file-claim". It is empty if that is not known.
	Object string
	// Field of the object. It is empty if the fault is of the object as a whole.
	Field string
	// Text says what is wrong, and how to mend it.
	Text string
}

// String returns the fault on one line. Text from the input is made inert.
func (f Fault) String() string {
	parts := []string{f.Place.String()}
	for _, part := range []string{f.Object, f.Field, f.Text} {
		if part != "" {
			parts = append(parts, terminal.Line(part))
		}
	}
	return strings.Join(parts, ": ")
}

// maxFaults is the number of faults that are printed.
const maxFaults = 20

// InputErrors are all faults of the input, in the order of the input. There is at least one.
type InputErrors []Fault

// Error lists the first faults, one a line.
func (f InputErrors) Error() string {
	var b strings.Builder
	if len(f) == 1 {
		b.WriteString("the input has a fault, so nothing was evaluated:")
	} else {
		fmt.Fprintf(&b, "the input has %d faults, so nothing was evaluated:", len(f))
	}
	for i, fault := range f {
		if i == maxFaults {
			fmt.Fprintf(&b, "\n  ... and %d more", len(f)-i)
			break
		}
		b.WriteString("\n  " + fault.String())
	}
	return b.String()
}
