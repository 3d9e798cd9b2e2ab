//go:build olm

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

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// verify has operator-verify, which "make bin/operator-verify" builds, look at a bundle, and returns what it finds. It succeeds in any case.
func verify(t *testing.T, manifests string) string {
	t.Helper()
	verifier, err := filepath.Abs(filepath.Join("..", "..", "bin", "operator-verify"))
	if err != nil {
		t.Fatal(err)
	}
	output, err := exec.CommandContext(t.Context(), verifier, "manifests", "--object_validate", "--operatorhub_validate", manifests).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(output)
}

func TestOLMTakesTheBundle(t *testing.T) {
	if found := verify(t, filepath.Join(configFolder, "bundle", "manifests")); found != "" {
		t.Error(found)
	}
}

func TestOLMSeesWhatIsWrong(t *testing.T) {
	broken := t.TempDir()
	if err := os.CopyFS(broken, os.DirFS(filepath.Join(configFolder, "bundle", "manifests"))); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(broken, "customresourcedefinition_moments.cx.journeyops.dev.yaml")); err != nil {
		t.Fatal(err)
	}
	if found := verify(t, broken); !strings.Contains(found, "Kind=Moment") {
		t.Errorf("of a bundle without a kind that it owns it says:\n%s", found)
	}
}
