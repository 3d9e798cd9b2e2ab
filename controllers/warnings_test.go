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

package controllers

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/util/cert"
	"k8s.io/utils/clock"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/yaml"

	"github.com/journeyops/journey-operator/controllers/warnings"
	"github.com/journeyops/journey-operator/hack/controlplane"
)

// claims is a journey with one moment, which waits for one item. It is November 2026: the item takes the first weeks of it.
const claims = `
apiVersion: cx.journeyops.dev/v1alpha1
kind: Journey
metadata: {name: claims}
spec: {title: Claims, phases: [{name: after}]}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: Moment
metadata: {name: receive-payout}
spec: {title: Payout, journeyRef: {name: claims}, phase: after, importance: 50, neededBy: "2027-01-15"}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: BuildingBlock
metadata: {name: payments}
spec: {title: Payments, stages: [{name: daily, effortDays: 10}]}
---
apiVersion: cx.journeyops.dev/v1alpha1
kind: RoadmapItem
metadata: {name: pay-daily}
spec: {title: Pay daily, delivers: [{name: payments}], state: Planned, team: money}
---
` + payout

const payout = `
apiVersion: cx.journeyops.dev/v1alpha1
kind: Requirement
metadata: {name: paid-next-day}
spec: {title: Paid next day, moscow: Must, momentRefs: [{name: receive-payout}], buildingBlockRef: {name: payments}}
`

// november is a clock that starts on a Sunday in November 2026.
type november struct {
	clock.RealClock
	ahead time.Duration
}

func newNovember() november {
	return november{ahead: time.Until(time.Date(2026, time.November, 22, 6, 0, 0, 0, time.UTC))}
}

func (c november) Now() time.Time                  { return time.Now().Add(c.ahead) }
func (c november) Since(t time.Time) time.Duration { return c.Now().Sub(t) }

// TestWarnings makes changes with kubectl, and looks at what it prints.
func TestWarnings(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	k := newKubectl(t, c)
	k.want(claims, "apply")
	server := serveWarnings(t, c)
	o := c.start(t, server.configure)
	server.wait(t)

	slower := strings.NewReplacer("effortDays: 10", "effortDays: 60")
	elsewhere := strings.NewReplacer("receive-payout", "receive-money")
	late := []string{
		"Moment receive-payout becomes late: expected 2027-02-12, was 2026-12-04, needed by 2027-01-15",
		"Team money is busy until 2027-02-12, was until 2026-12-04",
	}
	for n, test := range []struct {
		name, input, command string
		want                 []string
	}{
		{"what is unchanged is no news", claims, "apply", nil},
		{"a dry run tells what a change does", slower.Replace(claims), "apply --dry-run=server", late},
		{"so does the change", slower.Replace(claims), "apply", late},
		{"what gets better is no news", claims, "apply", nil},
		{
			"a reference that dangles", strings.Replace(payout, "name: payments", "name: payment", 1), "apply --dry-run=server",
			[]string{
				"Requirement paid-next-day: There is no BuildingBlock payment",
				"Moment receive-payout becomes late: no date can be given, was 2026-12-04, needed by 2027-01-15",
			},
		},
		{
			"server-side apply", strings.NewReplacer("paid-next-day", "paid-today", "receive-payout", "payout").Replace(payout),
			"apply --server-side --dry-run=server", []string{"Requirement paid-today: There is no Moment payout"},
		},
		{
			"a dry run knows what came before in it", elsewhere.Replace(claims), "apply --dry-run=server",
			[]string{
				"Moment receive-payout becomes late: no date can be given, was 2026-12-04, needed by 2027-01-15",
				"Moment receive-payout: The moment lacks requirements",
			},
		},
		{
			"a block that requirements use", "", "delete --dry-run=server buildingblock payments",
			[]string{
				"Moment receive-payout becomes late: no date can be given, was 2026-12-04, needed by 2027-01-15",
				"Requirement paid-next-day: There is no BuildingBlock payments",
				"RoadmapItem pay-daily: There is no BuildingBlock payments",
				"RoadmapItem pay-daily cannot be scheduled",
				"RoadmapItem pay-daily: None of the stages that it delivers exists",
			},
		},
		{"labels", "", "label buildingblock payments team=money", nil},
	} {
		// What one user asks in two dry runs at once cannot be told apart.
		user := fmt.Sprintf(" --as-group=system:masters --as=user-%d", n)
		if got := warningsIn(k.want(test.input, strings.Fields(test.command+user)...)); !slices.Equal(got, test.want) {
			t.Errorf("%s: got the warnings\n%s\nwant\n%s", test.name, strings.Join(got, "\n"), strings.Join(test.want, "\n"))
		}
	}

	// Without the operator changes are made all the same.
	o.stop()
	if output := k.want(slower.Replace(claims), "apply"); !strings.Contains(output, "buildingblock.cx.journeyops.dev/payments configured") {
		t.Error(output)
	}
}

// kubectl runs the real one in a namespace.
type kubectl struct {
	t                    *testing.T
	path, kubeconfig, ns string
}

func newKubectl(t *testing.T, c *cluster) *kubectl {
	t.Helper()
	path, err := controlplane.Kubectl(shared.plane.Assets)
	if err != nil {
		t.Fatal(err)
	}
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := shared.plane.WriteKubeconfig(kubeconfig); err != nil {
		t.Fatal(err)
	}
	return &kubectl{t, path, kubeconfig, c.namespace}
}

// want runs a command that must succeed, and returns its output.
func (k *kubectl) want(input string, args ...string) string {
	k.t.Helper()
	if input != "" {
		args = append(args, "-f", "-")
	}
	command := exec.CommandContext(k.t.Context(), k.path, append(args, "-n", k.ns, "--kubeconfig", k.kubeconfig)...)
	command.Stdin = strings.NewReader(input)
	output, err := command.CombinedOutput()
	if err != nil {
		k.t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return string(output)
}

// warningsIn returns the warnings that kubectl printed.
func warningsIn(output string) []string {
	var lines []string
	for line := range strings.Lines(output) {
		if warning, found := strings.CutPrefix(line, "Warning: "); found {
			lines = append(lines, strings.TrimSpace(warning))
		}
	}
	return lines
}

// warningServer is where an operator serves warnings.
type warningServer struct {
	warnings.Options
}

// serveWarnings has the API server ask for warnings about a namespace, as config/webhook does for all of them.
func serveWarnings(t *testing.T, c *cluster) *warningServer {
	t.Helper()
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for name, data := range map[string][]byte{"tls.crt": certificate, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}

	data, err := os.ReadFile(filepath.Join("..", "config", "webhook", "validating_webhook.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{}
	if err := yaml.UnmarshalStrict(data, configuration); err != nil {
		t.Fatal(err)
	}
	configuration.Name = c.namespace
	configuration.Webhooks[0].NamespaceSelector = &metav1.LabelSelector{MatchLabels: map[string]string{"kubernetes.io/metadata.name": c.namespace}}
	configuration.Webhooks[0].ClientConfig = admissionregistrationv1.WebhookClientConfig{
		URL: new("https://" + address + *configuration.Webhooks[0].ClientConfig.Service.Path), CABundle: certificate,
	}
	if err := c.Create(t.Context(), configuration); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Delete(context.Background(), configuration); err != nil {
			t.Error(err)
		}
	})
	return &warningServer{warnings.Options{BindAddress: address, CertDir: dir}}
}

func (s *warningServer) configure(_ *ctrl.Options, options *Options) {
	options.Clock, options.Warnings = newNovember(), &s.Options
}

// wait waits until the server listens.
func (s *warningServer) wait(t *testing.T) {
	t.Helper()
	if !eventually(func() bool {
		connection, err := net.Dial("tcp", s.BindAddress)
		if err != nil {
			return false
		}
		return connection.Close() == nil
	}) {
		t.Fatal("nobody listens at " + s.BindAddress)
	}
}
