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
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	modulePath       = "github.com/journeyops/journey-operator"
	kubernetesModule = "k8s.io/kubernetes"
	etcdModule       = "go.etcd.io/etcd/server/v3"
)

// versions are what the control plane is built from, with the leading v.
type versions struct {
	kubernetes, etcd string
}

func readVersions(goMod string) (versions, error) {
	data, err := os.ReadFile(goMod)
	if err != nil {
		return versions{}, fmt.Errorf("reading the control plane's versions: %w", err)
	}
	v := versions{
		kubernetes: requiredVersion(string(data), kubernetesModule),
		etcd:       requiredVersion(string(data), etcdModule),
	}
	if v.kubernetes == "" || v.etcd == "" {
		return versions{}, fmt.Errorf("%s must require %s and %s", goMod, kubernetesModule, etcdModule)
	}
	return v, nil
}

// requiredVersion returns the version that a go.mod requires of a module, or "". In other lines that name the module
// (tool, replace) no version follows it.
func requiredVersion(goMod, module string) string {
	lines := bufio.NewScanner(strings.NewReader(goMod))
	for lines.Scan() {
		line, _, _ := strings.Cut(lines.Text(), "//")
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) == 2 && fields[0] == module && strings.HasPrefix(fields[1], "v") {
			return fields[1]
		}
	}
	return ""
}

// folder is the name of the cache folder that holds these versions for this machine.
func (v versions) folder() string {
	return strings.Join([]string{v.kubernetes, v.etcd, runtime.GOOS, runtime.GOARCH}, "-")
}

// repoRoot walks up from the working directory to the folder of this project's go.mod. Tests and "go run ./hack/..." both
// run inside the repository. The file name of the caller is no help: -trimpath hides it.
func repoRoot() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the working directory: %w", err)
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		data, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("looking for the repository: %w", err)
		}
		if declaresModule(string(data), modulePath) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%s is not inside a checkout of %s: run this from the repository, or set %s", start, modulePath, assetsVariable)
		}
	}
}

func declaresModule(goMod, module string) bool {
	for line := range strings.Lines(goMod) {
		if strings.TrimSpace(line) == "module "+module {
			return true
		}
	}
	return false
}
