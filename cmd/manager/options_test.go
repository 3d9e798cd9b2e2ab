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
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/cmd/internal/daemon"
)

func TestWrongFlags(t *testing.T) {
	for _, test := range []struct {
		args, want string
	}{
		{"--nope", "unknown flag: --nope"},
		{"start", `"start" is none`},
		{"--debounce-idle=fast", "invalid argument"},
		{"--debounce-idle=0s", "--debounce-idle must be more than zero, not 0s"},
		{"--debounce-burst=500ms", "--debounce-burst (500ms) must not be shorter than --debounce-max (1s)"},
		{"--event-delay=0s", "--event-delay must be more than zero, not 0s"},
		{"--debounce-idle=2s", "--debounce-max (1s) must not be shorter than --debounce-idle (2s)"},
		{"--max-concurrent-writes=0", "--max-concurrent-writes must be more than zero, not 0"},
		{"--max-concurrent-evaluations=-1", "--max-concurrent-evaluations must be more than zero, not -1"},
		{"--kube-api-burst=0", "--kube-api-burst must be more than zero, not 0"},
		{"--namespaces=a,B", `"B" cannot be the name of a namespace`},
		{"--namespaces=", ""},
		{"--namespace-selector=a=b", ""},
		{"--namespace-selector==", `"=" is no label selector`},
		{"--namespaces=a --namespace-selector=a=b", "exclude each other"},
		{"--leader-election-id=A_b", `"A_b" cannot be the name of a lease`},
		{"--log-level=loud", `--log-level must be one of error, info, debug, not "loud"`},
		{"--log-format=xml", `--log-format must be one of json, console, not "xml"`},
		{"--metrics-bind-address=8443", `--metrics-bind-address must be 0, or host and port as in :8443`},
		{"--health-probe-bind-address=", `--health-probe-bind-address must be 0`},
		{"--leader-election-lease-duration=1s", "must be at least 3s, not 1s"},
		{"--warnings-bind-address=:9443", "--warnings-bind-address needs --warnings-cert-dir"},
		{"--warnings-bind-address=9443 --warnings-cert-dir=/certs", "--warnings-bind-address must be 0, or host and port"},
		{"--warnings-bind-address=:9443 --warnings-cert-dir=/certs", ""},
		{"--graceful-shutdown-timeout=-1s", "--graceful-shutdown-timeout must be more than zero"},
	} {
		t.Run(test.args, func(t *testing.T) {
			err := defaultOptions().program().Parse(strings.Fields(test.args))
			if test.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			var stderr bytes.Buffer
			program := defaultOptions().program()
			if code := program.ExitCode(program.Run(t.Context(), strings.Fields(test.args), &stderr, &stderr), &stderr); code != daemon.ExitUsage {
				t.Errorf("exit code %d, want %d", code, daemon.ExitUsage)
			}
			if !strings.Contains(stderr.String(), "manager --help") {
				t.Errorf("said %q", stderr.String())
			}
		})
	}
}

func TestFlags(t *testing.T) {
	o := defaultOptions()
	err := o.program().Parse(strings.Fields("--namespaces=b,a --namespaces a --debounce-max=5s --leader-elect --kube-api-qps=-1"))
	if err != nil {
		t.Fatal(err)
	}
	if warnings := o.warnings(); warnings != nil {
		t.Errorf("warnings are on without being asked for: %+v", warnings)
	}
	if strings.Join(o.namespaces, " ") != "a b" || o.debounceMax != 5*time.Second || !o.LeaderElect || o.QPS != -1 {
		t.Errorf("got %+v", o)
	}
}

func TestHelpAndVersion(t *testing.T) {
	var help, version bytes.Buffer
	if err := defaultOptions().program().Run(t.Context(), []string{"--help"}, &help, nil); err != nil {
		t.Error(err)
	}
	for _, want := range []string{"Usage:\n", "Cluster:\n", "--namespaces names", "(default 100ms)", "Exit codes: "} {
		if !strings.Contains(help.String(), want) {
			t.Errorf("the help lacks %q:\n%s", want, help.String())
		}
	}
	for line := range strings.Lines(help.String()) {
		if len(line) > 121 {
			t.Errorf("a line of %d characters: %s", len(line), line)
		}
	}
	if err := defaultOptions().program().Run(t.Context(), []string{"--version"}, &version, nil); err != nil || strings.TrimSpace(version.String()) == "" {
		t.Errorf("got %q, %v", version.String(), err)
	}
}

func TestClusterThatIsNotThere(t *testing.T) {
	var stderr bytes.Buffer
	program := defaultOptions().program()
	err := program.Run(t.Context(), []string{"--kubeconfig=testdata/none"}, &stderr, &stderr)
	if code := program.ExitCode(err, &stderr); code != daemon.ExitFailed || !strings.Contains(stderr.String(), "testdata/none") {
		t.Errorf("exit code %d, said %q", code, stderr.String())
	}
}

// TestShard builds the shard that docs/tenancy.md shows: its flags must be right, and its names and lease its own.
func TestShard(t *testing.T) {
	dir, err := os.MkdirTemp(".", "shard-") //nolint:usetesting // Kustomize takes no absolute paths, so it must be near config.
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	kustomization := `
nameSuffix: -a
labels:
- {pairs: {cx.journeyops.dev/shard: a}, includeSelectors: true, includeTemplates: true}
resources: [../../../config/default]
components: [../../../config/shard]
patches:
- target: {kind: Role, name: journey-operator-leader-election-role}
  patch: |
    - {op: replace, path: /rules/1/resourceNames, value: [a.shard.cx.journeyops.dev]}
`
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(kustomization), 0o600); err != nil {
		t.Fatal(err)
	}
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), dir)
	if err != nil {
		t.Fatal(err)
	}
	deployment, role := &appsv1.Deployment{}, &rbacv1.Role{}
	for _, r := range resources.Resources() {
		var into any
		switch r.GetKind() {
		case "Deployment":
			into = deployment
		case "Role":
			into = role
		default:
			continue
		}
		data, err := r.AsYAML()
		if err != nil {
			t.Fatal(err)
		}
		if err := yaml.UnmarshalStrict(data, into); err != nil {
			t.Fatal(err)
		}
	}
	if deployment.Name != serviceAccount+"-a" || deployment.Spec.Selector.MatchLabels["cx.journeyops.dev/shard"] != "a" {
		t.Errorf("the Deployment %q selects %v", deployment.Name, deployment.Spec.Selector)
	}
	o := defaultOptions()
	var args []string
	for _, arg := range deployment.Spec.Template.Spec.Containers[0].Args {
		args = append(args, strings.ReplaceAll(arg, "$(SHARD)", deployment.Spec.Template.Labels["cx.journeyops.dev/shard"]))
	}
	if err := o.program().Parse(args); err != nil || o.namespaceSelector != "cx.journeyops.dev/shard=a" || o.LeaseName != "a.shard.cx.journeyops.dev" {
		t.Errorf("flags %q: %v", args, err)
	}
	// It may hold no other lease.
	for _, rule := range role.Rules {
		named := slices.Equal(rule.ResourceNames, []string{o.LeaseName})
		if slices.Contains(rule.Resources, "leases") && !named && (slices.Contains(rule.Verbs, "update") || slices.Contains(rule.Verbs, "patch")) {
			t.Errorf("the role lets it write other leases: %v", rule)
		}
	}
}
