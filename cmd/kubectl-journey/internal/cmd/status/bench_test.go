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

package status

import (
	"fmt"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// BenchmarkStatus runs the whole command, on a stream and on a folder.
func BenchmarkStatus(b *testing.B) {
	const requirements = 15_000
	stream, folder := cmdtest.LargeFiles(b, b.TempDir(), requirements)
	for _, test := range []struct{ name, path string }{{"stream", stream}, {"folder", folder}} {
		b.Run(fmt.Sprintf("%s/requirements=%d", test.name, requirements), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if got := runOffline(b, "", "status", "-f", test.path); got.Code != cmdutil.ExitOK {
					b.Fatal(got.ErrOut)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/requirements, "ns/requirement")
		})
	}
}
