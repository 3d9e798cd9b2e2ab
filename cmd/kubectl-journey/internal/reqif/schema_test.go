//go:build reqif

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

package reqif

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// schemaVariable holds the path of the OMG's reqif.xsd. The schemas that it imports must be beside it. We may not distribute it, so this
// test has a build tag. With the tag, the test fails if the schema or xmllint is missing.
const schemaVariable = "REQIF_SCHEMA"

// TestSchema validates against the schema of the OMG itself:
//
//	REQIF_SCHEMA=.../reqif.xsd go test -tags reqif ./cmd/kubectl-journey/internal/reqif
func TestSchema(t *testing.T) {
	schema := os.Getenv(schemaVariable)
	if schema == "" {
		t.Fatal("set " + schemaVariable + " to the path of reqif.xsd, with the schemas that it imports beside it")
	}
	if _, err := os.Stat(schema); err != nil {
		t.Fatal(err)
	}
	for name, path := range portfolios(t) {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "x.reqif")
			if err := os.WriteFile(file, write(t, path), 0o600); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command("xmllint", "--nonet", "--noout", "--schema", schema, file).CombinedOutput(); err != nil {
				t.Errorf("%v (xmllint is in Debian's libxml2-utils): %s", err, out)
			}
		})
	}
}
