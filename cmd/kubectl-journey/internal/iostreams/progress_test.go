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
	"bytes"
	"strings"
	"testing"
	"time"

	"k8s.io/cli-runtime/pkg/genericiooptions"
)

func TestProgress(t *testing.T) {
	var out bytes.Buffer
	done := showProgress(&out, "reading files", time.Millisecond)
	time.Sleep(50 * time.Millisecond)
	done()
	done()
	if text := out.String(); !strings.HasPrefix(text, "\r\x1b[Kreading files ... 0 s") || !strings.HasSuffix(text, "\r\x1b[K") || strings.Contains(text, "\n") {
		t.Errorf("got %q", text)
	}
	out.Reset()
	showProgress(&out, "reading files", time.Hour)()
	if out.Len() > 0 {
		t.Errorf("printed at once: %q", out.String())
	}
	if New(genericiooptions.IOStreams{ErrOut: &out}).Progress("reading files")(); out.Len() > 0 {
		t.Errorf("printed into a pipe: %q", out.String())
	}
}
