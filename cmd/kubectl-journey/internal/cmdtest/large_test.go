//go:build large

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

package cmdtest

import (
	"flag"
	"testing"
)

var keepLargeFiles = flag.String("large", "", "the folder to write the portfolio of the benchmarks to")

// TestWriteLargeFiles writes the portfolio of the benchmarks to files. With these, other programs can measure the memory of a whole run:
//
//	go test -tags large ./cmd/kubectl-journey/internal/cmdtest -run TestWriteLargeFiles -large DIR
func TestWriteLargeFiles(t *testing.T) {
	if *keepLargeFiles == "" {
		t.Fatal("-large names no folder")
	}
	LargeFiles(t, *keepLargeFiles, 150_000)
}
