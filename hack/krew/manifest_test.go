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

// Package krew holds the manifest of the plugin for krew.
package krew

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"
)

// plugin is what krew reads of a manifest, v1alpha2.
type plugin struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
	Metadata   struct {
		Name string `json:"name"`
	} `json:"metadata"`
	Spec struct {
		Version          string `json:"version"`
		Homepage         string `json:"homepage"`
		ShortDescription string `json:"shortDescription"`
		Description      string `json:"description"`
		Platforms        []struct {
			Selector struct {
				MatchLabels map[string]string `json:"matchLabels"`
			} `json:"selector"`
			URI    string `json:"uri"`
			Sha256 string `json:"sha256"`
			Bin    string `json:"bin"`
			Files  []struct {
				From string `json:"from"`
				To   string `json:"to"`
			} `json:"files"`
		} `json:"platforms"`
	} `json:"spec"`
}

func TestManifest(t *testing.T) {
	content, err := os.ReadFile("journey.yaml")
	if err != nil {
		t.Fatal(err)
	}
	// As a release fills it in.
	text := strings.ReplaceAll(string(content), "{{version}}", "v1.2.3")
	text = regexp.MustCompile(`\{\{sha256_\w+}}`).ReplaceAllString(text, strings.Repeat("0a", 32))
	var p plugin
	if err := yaml.UnmarshalStrict([]byte(text), &p); err != nil {
		t.Fatal(err)
	}
	if p.APIVersion != "krew.googlecontainertools.github.com/v1alpha2" || p.Kind != "Plugin" || p.Metadata.Name != "journey" {
		t.Errorf("it is %s %s %s", p.APIVersion, p.Kind, p.Metadata.Name)
	}
	if p.Spec.Version != "v1.2.3" || p.Spec.Homepage == "" || p.Spec.Description == "" {
		t.Errorf("version, homepage or description: %+v", p.Spec)
	}
	// The index of krew asks for no more than that.
	if s := p.Spec.ShortDescription; s == "" || len(s) > 50 || strings.HasSuffix(s, ".") {
		t.Errorf("short description %q", s)
	}
	var platforms []string
	for _, platform := range p.Spec.Platforms {
		name := platform.Selector.MatchLabels["os"] + "_" + platform.Selector.MatchLabels["arch"]
		platforms = append(platforms, name)
		want := p.Spec.Homepage + "/releases/download/v1.2.3/kubectl-journey_" + name + ".tar.gz"
		if platform.URI != want || platform.Bin != "kubectl-journey" || len(platform.Sha256) != 64 || len(platform.Files) != 2 {
			t.Errorf("%s: %+v", name, platform)
		}
		if !strings.Contains(string(content), "{{sha256_"+name+"}}") {
			t.Errorf("%s has no checksum of its own", name)
		}
	}
	if got := strings.Join(platforms, " "); got != "linux_amd64 linux_arm64 darwin_amd64 darwin_arm64" {
		t.Errorf("platforms: %s", got)
	}
}
