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
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// assetsVariable names a folder with binaries to use as they are, as envtest has it.
const assetsVariable = "KUBEBUILDER_ASSETS"

const (
	etcdBinary      = "etcd"
	apiServerBinary = "kube-apiserver"
	kubectlBinary   = "kubectl"
)

// Assets returns the folder that holds kube-apiserver, etcd and kubectl. Where there is none, it downloads them, and if
// that does not work, it builds them. It reports to progress, which may be nil. Processes that need the same binaries at
// the same time wait for each other. What fails or is cancelled leaves nothing behind.
//
// With CONTROLPLANE_DOWNLOAD=off it builds them in any case, and does not use what was downloaded before. With a URL, that
// is the index of what can be downloaded, in the format of envtest-releases.yaml of controller-tools.
//
// With KUBEBUILDER_ASSETS set it is that folder, as it is. It must hold kube-apiserver and etcd. It may lack
// kubectl, see Kubectl.
func Assets(ctx context.Context, progress io.Writer) (string, error) {
	if dir := os.Getenv(assetsVariable); dir != "" {
		return givenAssets(dir)
	}
	root, err := repoRoot()
	if err != nil {
		return "", err
	}
	module := filepath.Join(root, "hack", "controlplane", "binaries")
	wanted, err := readVersions(filepath.Join(module, "go.mod"))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("finding a folder for the control plane's binaries: %w", err)
	}
	folder := filepath.Join(cache, "journey-operator", "controlplane", wanted.folder())
	ready, err := newDownload(wanted.kubernetes)
	if err != nil {
		return "", err
	}
	return provide(ctx, folder, newReporter(progress), ready, builds(module, wanted))
}

// provide returns the folder with the binaries: dir, if they are built there, or else one beside it, for those that are
// downloaded.
func provide(ctx context.Context, dir string, report *reporter, ready *download, all []build) (string, error) {
	if len(missingBuilds(dir, all)) == 0 {
		return dir, nil
	}
	if ready != nil {
		downloaded := dir + "-downloaded"
		err := fetchOnce(ctx, downloaded, report, ready)
		if err == nil {
			return downloaded, nil
		}
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		report.say(fmt.Sprintf("cannot download the control plane (%v), so it is built", err))
	}
	return dir, ensure(ctx, dir, report, all)
}

// fetchOnce downloads the binaries to dir unless they are there.
func fetchOnce(ctx context.Context, dir string, report *reporter, ready *download) error {
	if len(missingIn(dir, binaries...)) == 0 {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return fmt.Errorf("making a folder for the control plane's binaries: %w", err)
	}
	unlock, err := lockFile(ctx, dir+".lock", func() {
		report.say("waiting for another process that downloads the control plane to " + dir)
	})
	if err != nil {
		return fmt.Errorf("waiting for the turn to download the control plane: %w", err)
	}
	defer unlock()
	// Another process may have downloaded them while this one waited.
	if len(missingIn(dir, binaries...)) == 0 {
		return nil
	}
	return ready.run(ctx, dir, report)
}

// Kubectl returns the path of kubectl in a folder that Assets returned. It fails only where KUBEBUILDER_ASSETS names
// a folder without kubectl.
func Kubectl(assets string) (string, error) {
	if missing := missingIn(assets, kubectlBinary); len(missing) > 0 {
		return "", fmt.Errorf("there is no kubectl in %s: put one there, or unset %s to have one downloaded or built", assets, assetsVariable)
	}
	return filepath.Join(assets, kubectlBinary), nil
}

func givenAssets(dir string) (string, error) {
	// Each test runs in the folder of its package, so a relative path would mean many folders.
	if !filepath.IsAbs(dir) {
		return "", fmt.Errorf("%s is %q: make it an absolute path", assetsVariable, dir)
	}
	if missing := missingIn(dir, apiServerBinary, etcdBinary); len(missing) > 0 {
		return "", fmt.Errorf("%s is %s, which lacks %s: add what is missing, or unset %s to have everything downloaded or built",
			assetsVariable, dir, strings.Join(missing, " and "), assetsVariable)
	}
	return dir, nil
}

func missingIn(dir string, names ...string) []string {
	var missing []string
	for _, name := range names {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || !info.Mode().IsRegular() || info.Mode()&0o111 == 0 {
			missing = append(missing, name)
		}
	}
	return missing
}

// ensure runs the builds whose binaries are not in dir yet.
func ensure(ctx context.Context, dir string, report *reporter, all []build) error {
	if len(missingBuilds(dir, all)) == 0 {
		return nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("making a folder for the control plane's binaries: %w", err)
	}
	unlock, err := lockFile(ctx, filepath.Join(dir, ".lock"), func() {
		report.say("waiting for another process that builds the control plane in " + dir)
	})
	if err != nil {
		return fmt.Errorf("waiting for the turn to build the control plane: %w", err)
	}
	defer unlock()
	// Another process may have built them while this one waited.
	for _, b := range missingBuilds(dir, all) {
		if err := b.run(ctx, dir, report); err != nil {
			return err
		}
	}
	return nil
}

func missingBuilds(dir string, all []build) []build {
	var missing []build
	for _, b := range all {
		if len(missingIn(dir, b.name)) > 0 {
			missing = append(missing, b)
		}
	}
	return missing
}
