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
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
)

func TestControlPlane(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	audit := filepath.Join(t.TempDir(), "audit.log")
	began := time.Now()
	c, err := Start(t.Context(), Options{AuditLog: audit, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Stop() }()
	t.Logf("started in %s", time.Since(began).Round(time.Millisecond))
	pids := processIDs(t, c.Dir())

	client := kubernetes.NewForConfigOrDie(c.Config)
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "portfolio"}}
	if _, err := client.CoreV1().Namespaces().Create(t.Context(), namespace, metav1.CreateOptions{}); err != nil {
		t.Fatal(err)
	}
	wantPinnedVersion(t, client)
	wantServiceAccountRefused(t, c.Config)
	wantKubeconfigWorks(t, c)
	wantAudited(t, audit, "create", "namespaces", "portfolio")

	// Informers of a test that fails may still be watching: stopping must not wait for them.
	watch, err := client.CoreV1().Namespaces().Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer watch.Stop()
	began = time.Now()
	if err := c.RestartAPIServer(0); err != nil {
		t.Fatal(err)
	}
	t.Logf("restarted the API server in %s", time.Since(began).Round(time.Millisecond))
	if _, err := client.CoreV1().Namespaces().Get(t.Context(), "portfolio", metav1.GetOptions{}); err != nil {
		t.Errorf("after a restart: %v", err)
	}
	pids = append(pids, processIDs(t, c.Dir())...)
	again, err := client.CoreV1().Namespaces().Watch(t.Context(), metav1.ListOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Stop()
	began = time.Now()
	if err := c.Stop(); err != nil {
		t.Error(err)
	}
	t.Logf("stopped in %s", time.Since(began).Round(time.Millisecond))
	wantGone(t, c.Dir(), pids)
}

func TestCancelStops(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	ctx, cancel := context.WithCancel(t.Context())
	c, err := Start(ctx, Options{CRDPaths: []string{}, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	pids := processIDs(t, c.Dir())
	cancel()
	wantGone(t, c.Dir(), pids)
}

func TestCancelWhileStarting(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	if _, err := Assets(t.Context(), os.Stderr); err != nil {
		t.Fatal(err)
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	if _, err := Start(ctx, Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
	wantFiles(t, temp)
}

func TestStartSaysWhatTheProcessesSaid(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a control plane")
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	_, err := Start(t.Context(), Options{APIServerArgs: map[string]string{"no-such-flag": "1"}, Progress: os.Stderr})
	if err == nil || !strings.Contains(err.Error(), "unknown flag: --no-such-flag") {
		t.Errorf("got %v, want it to name the flag", err)
	}
	wantFiles(t, temp)
}

// TestKilledProcessLeavesNothing kills a process, as go test does with one that takes too long, and expects
// the watchdog to clear up after it.
func TestKilledProcessLeavesNothing(t *testing.T) {
	if os.Getenv("CONTROLPLANE_TEST_VICTIM") != "" {
		beVictim()
		return
	}
	victim := exec.Command(os.Args[0], "-test.run=^TestKilledProcessLeavesNothing$")
	victim.Env = append(os.Environ(), "CONTROLPLANE_TEST_VICTIM=1", "TMPDIR="+t.TempDir()+"/it's")
	if err := os.Mkdir(strings.TrimPrefix(victim.Env[len(victim.Env)-1], "TMPDIR="), 0o700); err != nil {
		t.Fatal(err)
	}
	victim.Stderr = os.Stderr
	out, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	dir, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	dir = strings.TrimSpace(dir)
	pids := waitForProcessIDs(t, dir, "sleep")
	_ = victim.Process.Kill()
	_ = victim.Wait()
	wantGone(t, dir, pids)
}

func beVictim() {
	folder, err := NewFolder("journey-controlplane-")
	if err != nil {
		panic(err)
	}
	script, _, err := folder.process("/bin", "sleep")
	if err != nil {
		panic(err)
	}
	process := exec.Command(script, "600")
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := process.Start(); err != nil {
		panic(err)
	}
	fmt.Println(folder.dir)
	time.Sleep(time.Hour)
}

func wantPinnedVersion(t *testing.T, client kubernetes.Interface) {
	t.Helper()
	if os.Getenv(assetsVariable) != "" {
		return // These have the version they have.
	}
	pinned, err := readVersions(filepath.Join("binaries", "go.mod"))
	if err != nil {
		t.Fatal(err)
	}
	version, err := client.Discovery().ServerVersion()
	if err != nil {
		t.Fatal(err)
	}
	// What is downloaded may be another patch.
	if minor := pinned.kubernetes[:strings.LastIndex(pinned.kubernetes, ".")+1]; !strings.HasPrefix(version.GitVersion, minor) {
		t.Errorf("the API server says it is %s, want %s", version.GitVersion, pinned.kubernetes)
	}
}

func wantServiceAccountRefused(t *testing.T, admin *rest.Config) {
	t.Helper()
	config := rest.CopyConfig(admin)
	config.Impersonate = rest.ImpersonationConfig{
		UserName: "system:serviceaccount:portfolio:nobody",
		Groups:   []string{"system:serviceaccounts", "system:authenticated"},
	}
	_, err := kubernetes.NewForConfigOrDie(config).CoreV1().ConfigMaps("portfolio").List(t.Context(), metav1.ListOptions{})
	if !apierrors.IsForbidden(err) {
		t.Errorf("a ServiceAccount without rights lists ConfigMaps: got %v, want forbidden", err)
	}
}

func wantKubeconfigWorks(t *testing.T, c *ControlPlane) {
	t.Helper()
	path := filepath.Join(c.Dir(), "kubeconfig")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil { //nolint:gosec // To see the mode mended.
		t.Fatal(err)
	}
	if err := c.WriteKubeconfig(path); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != 0o600 {
		t.Errorf("the kubeconfig has mode %o", info.Mode())
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kubernetes.NewForConfigOrDie(config).CoreV1().Namespaces().Get(t.Context(), "portfolio", metav1.GetOptions{}); err != nil {
		t.Errorf("with the kubeconfig: %v", err)
	}
}

func wantAudited(t *testing.T, path, verb, resource, name string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	found := 0
	for decoder := json.NewDecoder(file); decoder.More(); {
		var event struct {
			Level, Stage, Verb string
			ObjectRef          struct{ Resource, Name string }
		}
		if err := decoder.Decode(&event); err != nil {
			t.Fatal(err)
		}
		if event.Level != "Metadata" || event.Stage != "ResponseComplete" {
			t.Fatalf("an audit event of level %s, stage %s", event.Level, event.Stage)
		}
		if event.Verb == verb && event.ObjectRef.Resource == resource && event.ObjectRef.Name == name {
			found++
		}
	}
	if found != 1 {
		t.Errorf("the audit log has %s %s %s %d times, want once", verb, resource, name, found)
	}
}

func processIDs(t *testing.T, dir string) []int {
	t.Helper()
	return waitForProcessIDs(t, dir, etcdBinary, apiServerBinary)
}

func waitForProcessIDs(t *testing.T, dir string, names ...string) []int {
	t.Helper()
	var pids []int
	for _, name := range names {
		eventually(t, name+" has a process id", func() bool {
			data, err := os.ReadFile(filepath.Join(dir, name+".pid"))
			pid, parseErr := strconv.Atoi(strings.TrimSpace(string(data)))
			if err != nil || parseErr != nil || !running(pid) {
				return false
			}
			pids = append(pids, pid)
			return true
		})
	}
	return pids
}

func wantGone(t *testing.T, dir string, pids []int) {
	t.Helper()
	for _, pid := range pids {
		eventually(t, fmt.Sprintf("process %d is gone", pid), func() bool { return !running(pid) })
	}
	eventually(t, dir+" is gone", func() bool {
		_, err := os.Stat(dir)
		return errors.Is(err, fs.ErrNotExist)
	})
}

func running(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	// A process whose parent was killed may wait as a zombie for an init that is slow to reap it.
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || !strings.Contains(string(stat), ") Z ")
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("after 30 s it is still not so that %s", what)
		}
	}
}
