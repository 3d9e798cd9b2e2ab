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
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-logr/logr"
	appsv1 "k8s.io/api/apps/v1"
	authenticationv1 "k8s.io/api/authentication/v1"
	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"
	logf "sigs.k8s.io/controller-runtime/pkg/log"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane"
	"github.com/journeyops/journey-operator/hack/controlplane/controlplanetest"
)

const (
	systemNamespace = "journey-operator-system"
	serviceAccount  = "journey-operator-controller-manager"
	beManager       = "JOURNEY_OPERATOR_TEST_MANAGER"
)

// TestMain is the manager itself in the processes that the tests start.
func TestMain(m *testing.M) {
	if os.Getenv(beManager) != "" {
		main()
		return
	}
	logf.SetLogger(logr.Discard())
	os.Exit(m.Run())
}

// installation is a cluster with config/default in it.
type installation struct {
	client.Client
	config     *rest.Config
	plane      *controlplane.ControlPlane
	kubeconfig string // of the manager's ServiceAccount
}

// install starts a control plane and applies config/default as it is, so that the very roles of a deployment are tested.
func install(t testing.TB) *installation {
	t.Helper()
	if testing.Short() {
		t.Skip("needs a control plane")
	}
	// kustomize brings the CRDs.
	plane, c := controlplanetest.Start(t)
	i := &installation{Client: c, config: plane.Config, plane: plane}
	controlplanetest.Apply(t, i, controlplanetest.Build(t, filepath.Join("..", "..", "config", "default"))...)
	i.kubeconfig = i.writeKubeconfig(t, i.token(t, systemNamespace, serviceAccount))
	eventually(t, "the CRDs are served", func() error { return i.List(t.Context(), &cxv1alpha1.RoadmapList{}) })
	return i
}

// token makes one for a ServiceAccount.
func (i *installation) token(t testing.TB, namespace, name string) string {
	t.Helper()
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}}
	request := &authenticationv1.TokenRequest{}
	if err := i.SubResource("token").Create(t.Context(), account, request); err != nil {
		t.Fatal(err)
	}
	return request.Status.Token
}

func (i *installation) writeKubeconfig(t testing.TB, token string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kubeconfig")
	if err := clientcmd.WriteToFile(clientcmdapi.Config{
		Clusters:       map[string]*clientcmdapi.Cluster{"c": {Server: i.config.Host, CertificateAuthorityData: i.config.CAData}},
		AuthInfos:      map[string]*clientcmdapi.AuthInfo{"u": {Token: token}},
		Contexts:       map[string]*clientcmdapi.Context{"x": {Cluster: "c", AuthInfo: "u"}},
		CurrentContext: "x",
	}, path); err != nil {
		t.Fatal(err)
	}
	return path
}

func (i *installation) as(t *testing.T, kubeconfig string) client.Client {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(config, client.Options{Scheme: i.Scheme()})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// process is a running manager.
type process struct {
	*exec.Cmd
	probes, metrics string
	logs            *logs
	ended           chan struct{}
	err             error
}

// start runs the manager as it is deployed: with its own ServiceAccount and leader election.
func (i *installation) start(t testing.TB, args ...string) *process {
	t.Helper()
	return i.startProgram(t, os.Args[0], args...)
}

func (i *installation) startProgram(t testing.TB, program string, args ...string) *process {
	t.Helper()
	p := &process{probes: freeAddress(t), metrics: freeAddress(t), logs: &logs{}, ended: make(chan struct{})}
	p.Cmd = exec.Command(program, append([]string{
		"--kubeconfig=" + i.kubeconfig, "--leader-elect", "--leader-election-namespace=" + systemNamespace,
		"--health-probe-bind-address=" + p.probes, "--metrics-bind-address=" + p.metrics,
	}, args...)...)
	p.Env = append(os.Environ(), beManager+"=1")
	p.Stderr = p.logs
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.err = p.Wait(); close(p.ended) }()
	t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.ended
		if t.Failed() {
			t.Logf("logs of the manager:\n%s", p.logs)
		}
	})
	return p
}

func (p *process) terminate(t testing.TB) {
	t.Helper()
	if err := p.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatal("does not end")
	}
	if p.err != nil {
		t.Errorf("ended with %v", p.err)
	}
}

func (p *process) get(url, token string) (int, string, error) {
	request, err := http.NewRequest(http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	// The certificate is the manager's own.
	insecure := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	defer insecure.CloseIdleConnections()
	response, err := insecure.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Proto + "\n" + string(body), err
}

func (p *process) ready() error {
	code, body, err := p.get("http://"+p.probes+"/readyz", "")
	if err == nil && code != http.StatusOK {
		err = fmt.Errorf("%d %s", code, body)
	}
	return err
}

// TestManager runs the manager as deployed: that it may do its work and nothing else, and what it serves to whom.
func TestManager(t *testing.T) {
	i := install(t)
	i.sample(t, "portfolio")
	p := i.start(t)
	// Once it is ready everything has been evaluated; soon after, written.
	eventually(t, "the manager is ready", p.ready)
	reader := i.metricsReader(t)
	_, metrics, err := p.get("https://"+p.metrics+"/metrics", reader)
	if err != nil || !strings.Contains(metrics, `journey_operator_evaluations_total{result="success"} 1`) {
		t.Errorf("ready, but of evaluations the metrics (%v) say\n%s", err, grep(metrics, "journey_operator_"))
	}
	eventually(t, "the moment is written", func() error { return i.blocked(t, "portfolio") })

	t.Run("metrics", func(t *testing.T) {
		for _, test := range []struct {
			who, token string
			want       int
		}{
			{"nobody", "", http.StatusUnauthorized},
			{"a made up token", "abc", http.StatusInternalServerError}, // as controller-runtime has it
			{"a ServiceAccount without the role", i.token(t, systemNamespace, "default"), http.StatusForbidden},
			{"a ServiceAccount with the role", reader, http.StatusOK},
		} {
			code, body, err := p.get("https://"+p.metrics+"/metrics", test.token)
			if err != nil || code != test.want {
				t.Errorf("%s got %d %v, want %d", test.who, code, err, test.want)
			}
			if !strings.HasPrefix(body, "HTTP/1.1\n") {
				t.Errorf("%s was served over %.10s", test.who, body)
			}
		}
		_, body, _ := p.get("https://"+p.metrics+"/metrics", reader)
		for _, want := range []string{
			"journey_operator_evaluation_duration_seconds_count", "journey_operator_portfolios 1", `journey_operator_objects{kind="Moment"} 1`,
			`journey_operator_status_writes_total{kind="Moment",result="success"} 1`, `journey_operator_status_writes_pending{kind="Moment"} 0`,
			"\njourney_operator_leader 1\n", "journey_operator_build_info{goversion=", "journey_operator_change_to_status_seconds_count",
			"journey_operator_queue_oldest_seconds",
			`journey_moments{blocked="RequirementsUnassigned",journey="",namespace="portfolio"} 1`,
			`journey_objects_not_ready{kind="Moment",namespace="portfolio",reason="JourneyNotFound"} 1`,
			`journey_operator_last_evaluation_timestamp_seconds{namespace="portfolio"}`,
		} {
			if !strings.Contains(body, want) {
				t.Errorf("the metrics lack %s:\n%s", want, grep(body, "journey_"))
			}
		}
		if _, _, err := p.get("http://"+p.metrics+"/metrics", reader); err == nil {
			if code, _, _ := p.get("http://"+p.metrics+"/metrics", reader); code == http.StatusOK {
				t.Error("metrics are served without TLS")
			}
		}
	})

	t.Run("an event is recorded", func(t *testing.T) {
		eventually(t, "the event", func() error {
			events := &corev1.EventList{}
			if err := i.List(t.Context(), events, client.InNamespace("portfolio")); err != nil {
				return err
			}
			for _, e := range events.Items {
				if e.InvolvedObject.Name == "moment" && e.Reason == "Blocked" {
					return nil
				}
			}
			return fmt.Errorf("among %d events", len(events.Items))
		})
	})

	t.Run("it may do nothing else", func(t *testing.T) { i.wantLeastPrivilege(t) })

	t.Run("graceful stop", func(t *testing.T) {
		harmless := []string{
			"Authentication failed", // the made up token
			"leader election lost",  // controller-runtime's word for giving up the lease on purpose, when that is noticed in time
		}
		p.terminate(t)
		for line := range strings.Lines(p.logs.String()) {
			if !strings.HasPrefix(line, "{") {
				t.Errorf("a log line that is not JSON: %s", line)
			}
			if strings.Contains(line, `"level":"error"`) && !slices.ContainsFunc(harmless, func(s string) bool { return strings.Contains(line, s) }) {
				t.Errorf("logged an error: %s", line)
			}
		}
		lease := &coordinationv1.Lease{}
		if err := i.Get(t.Context(), client.ObjectKey{Namespace: systemNamespace, Name: leaseName}, lease); err != nil {
			t.Fatal(err)
		}
		if holder := lease.Spec.HolderIdentity; holder != nil && *holder != "" {
			t.Errorf("the lease is still held by %s", *holder)
		}
	})

	t.Run("two replicas", func(t *testing.T) { i.wantTakeover(t, reader) })

	t.Run("stop while the API server hangs", func(t *testing.T) { i.wantStopWhileFrozen(t, reader) })

	t.Run("warnings", i.wantWarnings)

	t.Run("only some namespaces", func(t *testing.T) {
		i.sample(t, "other")
		i.sample(t, "chosen")
		i.bindOnlyIn(t, "chosen")
		p := i.start(t, "--namespaces=chosen", "--log-level=debug")
		eventually(t, "the chosen one is written", func() error { return i.blocked(t, "chosen") })
		if err := i.blocked(t, "other"); err == nil {
			t.Error("wrote in another namespace")
		}
		// Nor does it write in one that is being deleted, which its rights there let it see.
		if err := i.Delete(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "chosen"}}); err != nil {
			t.Fatal(err)
		}
		requirement := &cxv1alpha1.Requirement{ObjectMeta: metav1.ObjectMeta{Namespace: "chosen", Name: "requirement"}}
		if err := i.Delete(t.Context(), requirement); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it leaves the namespace alone", func() error { return p.logs.wantLine("Leaving a namespace alone") })
		p.terminate(t)
		if err := i.blocked(t, "chosen"); err != nil {
			t.Errorf("wrote in a namespace that is being deleted: %v", err)
		}
	})
}

// bindOnlyIn takes the manager's rights in the whole cluster, and gives it the same in these namespaces.
func (i *installation) bindOnlyIn(t testing.TB, namespaces ...string) {
	t.Helper()
	everywhere := &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "journey-operator-manager-rolebinding"}}
	if err := i.Delete(t.Context(), everywhere); err != nil {
		t.Fatal(err)
	}
	for _, namespace := range namespaces {
		if err := i.Create(t.Context(), &rbacv1.RoleBinding{
			ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "journey-operator"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "journey-operator-manager-role"},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: systemNamespace, Name: serviceAccount}},
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// wantStopWhileFrozen stops a manager whose write is not answered.
func (i *installation) wantStopWhileFrozen(t *testing.T, reader string) {
	t.Helper()
	// After this time it stops waiting for its writers.
	p := i.start(t, "--debounce-idle=4s", "--debounce-max=4s", "--log-level=debug", "--graceful-shutdown-timeout=10s")
	eventually(t, "it leads", func() error { return p.logs.wantLine("Successfully acquired lease") })
	eventually(t, "it is ready", p.ready)
	i.sample(t, "frozen")
	eventually(t, "it sees the sample", func() error {
		_, body, err := p.get("https://"+p.metrics+"/metrics", reader)
		if err == nil && strings.Contains(body, "\njourney_operator_queue_oldest_seconds 0\n") {
			err = errors.New("nothing is in the queue")
		}
		return err
	})
	if err := i.plane.Freeze(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = i.plane.Thaw() })
	eventually(t, "there is something to write", func() error { return p.logs.wantLine(`"namespace":"frozen","took"`) })
	p.terminate(t)
	if err := p.logs.wantLine("Writing a status failed"); err != nil {
		t.Errorf("it ended before its writer did: %v", err)
	}
	if err := i.plane.Thaw(); err != nil {
		t.Fatal(err)
	}
}

// wantTakeover runs two replicas and stops the leader.
func (i *installation) wantTakeover(t *testing.T, reader string) {
	t.Helper()
	leader := i.start(t)
	eventually(t, "the leader leads", func() error { return leader.logs.wantLine("Successfully acquired lease") })
	follower := i.start(t)
	eventually(t, "the follower is ready", follower.ready)
	if follower.logs.wantLine("Successfully acquired lease") == nil {
		t.Error("there are two leaders")
	}
	// Only the leader has the metrics of the portfolios.
	const series = `journey_objects{kind="Moment",namespace="portfolio"}`
	wantSeries := func(p *process, leads bool) {
		t.Helper()
		eventually(t, fmt.Sprintf("metrics where it leads: %t", leads), func() error {
			_, body, err := p.get("https://"+p.metrics+"/metrics", reader)
			if err != nil {
				return err
			}
			if strings.Contains(body, series) != leads || strings.Contains(body, "\njourney_operator_leader 1\n") != leads {
				return errors.New(grep(body, "journey_"))
			}
			return nil
		})
	}
	wantSeries(leader, true)
	wantSeries(follower, false)
	leader.terminate(t)
	i.sample(t, "later")
	eventually(t, "the new leader writes", func() error { return i.blocked(t, "later") })
	wantSeries(follower, true)
	follower.terminate(t)
}

// wantLeastPrivilege tries what the manager's ServiceAccount may not do.
func (i *installation) wantLeastPrivilege(t *testing.T) {
	t.Helper()
	manager := i.as(t, i.kubeconfig)
	ctx := t.Context()
	moment := &cxv1alpha1.Moment{}
	if err := manager.Get(ctx, client.ObjectKey{Namespace: "portfolio", Name: "moment"}, moment); err != nil {
		t.Errorf("reading a moment: %v", err)
	}
	if err := manager.Get(ctx, client.ObjectKey{Namespace: systemNamespace, Name: leaseName}, &coordinationv1.Lease{}); err != nil {
		t.Errorf("reading the lease: %v", err)
	}
	nothing := client.RawPatch("application/merge-patch+json", []byte("{}"))
	for what, err := range map[string]error{
		"reading secrets":            manager.List(ctx, &corev1.SecretList{}),
		"reading config maps":        manager.List(ctx, &corev1.ConfigMapList{}),
		"listing namespaces":         manager.List(ctx, &corev1.NamespaceList{}),
		"changing a namespace":       manager.Patch(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: "portfolio"}}, nothing),
		"reading pods":               manager.List(ctx, &corev1.PodList{}),
		"reading roles":              manager.List(ctx, &rbacv1.ClusterRoleList{}),
		"patching a spec":            manager.Patch(ctx, moment.DeepCopy(), nothing),
		"updating a spec":            manager.Update(ctx, moment.DeepCopy()),
		"updating a status":          manager.Status().Update(ctx, moment.DeepCopy()),
		"deleting a moment":          manager.Delete(ctx, moment.DeepCopy()),
		"creating a moment":          manager.Create(ctx, newMoment("portfolio", "another")),
		"reading another lease":      manager.Get(ctx, client.ObjectKey{Namespace: systemNamespace, Name: "other"}, &coordinationv1.Lease{}),
		"listing leases":             manager.List(ctx, &coordinationv1.LeaseList{}, client.InNamespace(systemNamespace)),
		"creating a lease elsewhere": manager.Create(ctx, &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: "portfolio", Name: "a"}}),
	} {
		if !apierrors.IsForbidden(err) {
			t.Errorf("%s: got %v, want it to be forbidden", what, err)
		}
	}
}

// TestInstallation looks at what an installation holds, and takes it to other versions.
func TestInstallation(t *testing.T) {
	i := install(t)
	t.Run("the Deployment is restricted", i.wantRestricted)
	t.Run("upgrade, back, and removal", i.wantNothingLost)
}

// wantRestricted has the API server admit the manager's pod into its namespace, which enforces the restricted pod security
// standard.
func (i *installation) wantRestricted(t *testing.T) {
	deployment := &appsv1.Deployment{}
	key := client.ObjectKey{Namespace: systemNamespace, Name: serviceAccount}
	if err := i.Get(t.Context(), key, deployment); err != nil {
		t.Fatal(err)
	}
	pod := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "manager", Labels: deployment.Spec.Template.Labels},
		Spec:       deployment.Spec.Template.Spec,
	}
	if err := i.Create(t.Context(), pod.DeepCopy()); err != nil {
		t.Errorf("the manager's pod is refused: %v", err)
	}
	pod.Name = "root"
	pod.Spec.SecurityContext = nil
	if err := i.Create(t.Context(), pod); !apierrors.IsForbidden(err) {
		t.Errorf("a pod that may run as root: got %v, want it to be forbidden", err)
	}
	if args := deployment.Spec.Template.Spec.Containers[0].Args; defaultOptions().program().Parse(args) != nil {
		t.Errorf("arguments %q: %v", args, defaultOptions().program().Parse(args))
	}
	grace, timeout := *deployment.Spec.Template.Spec.TerminationGracePeriodSeconds, defaultOptions().ShutdownTimeout
	if time.Duration(grace)*time.Second <= timeout {
		t.Errorf("the pod is killed after %ds, before --graceful-shutdown-timeout (%s) is over", grace, timeout)
	}
}

// sample creates a namespace with a moment that waits for an unassigned requirement.
func (i *installation) sample(t *testing.T, namespace string) {
	t.Helper()
	for _, object := range []client.Object{
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: namespace}}, newMoment(namespace, "moment"), newRequirement(namespace, "requirement"),
	} {
		if err := i.Create(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
}

func newMoment(namespace, name string) *cxv1alpha1.Moment {
	return &cxv1alpha1.Moment{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: cxv1alpha1.MomentSpec{
			JourneyRef: cxv1alpha1.ObjectReference{Name: "journey"}, Phase: "phase", Title: "Moment", Importance: 50,
		},
	}
}

func newRequirement(namespace, name string) *cxv1alpha1.Requirement {
	return &cxv1alpha1.Requirement{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name},
		Spec: cxv1alpha1.RequirementSpec{
			Title: "Requirement", MoSCoW: cxv1alpha1.MoSCoWMust, MomentRefs: []cxv1alpha1.ObjectReference{{Name: "moment"}},
		},
	}
}

// blocked tells whether the sample's moment has been written as blocked.
func (i *installation) blocked(t *testing.T, namespace string) error {
	t.Helper()
	moment := &cxv1alpha1.Moment{}
	if err := i.Get(t.Context(), client.ObjectKey{Namespace: namespace, Name: "moment"}, moment); err != nil {
		return err
	}
	for _, condition := range moment.Status.Conditions {
		if condition.Type == cxv1alpha1.ConditionBlocked && condition.Status == metav1.ConditionTrue {
			return nil
		}
	}
	return fmt.Errorf("conditions %v", moment.Status.Conditions)
}

// metricsReader returns the token of a ServiceAccount that may read metrics.
func (i *installation) metricsReader(t *testing.T) string {
	t.Helper()
	for _, object := range []client.Object{
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "prometheus"}},
		&corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "default"}},
		&rbacv1.ClusterRoleBinding{
			ObjectMeta: metav1.ObjectMeta{Name: "prometheus"},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: "journey-operator-metrics-reader"},
			Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Namespace: systemNamespace, Name: "prometheus"}},
		},
	} {
		if err := i.Create(t.Context(), object); err != nil {
			t.Fatal(err)
		}
	}
	return i.token(t, systemNamespace, "prometheus")
}

// logs is what a process wrote.
type logs struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logs) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logs) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func (l *logs) wantLine(text string) error {
	if !strings.Contains(l.String(), text) {
		return fmt.Errorf("the log does not say %q", text)
	}
	return nil
}

func eventually(t testing.TB, what string, check func() error) {
	t.Helper()
	var err error
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	t.Fatalf("waited in vain until %s: %v", what, err)
}

func freeAddress(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}

func grep(text, word string) string {
	var lines strings.Builder
	for line := range strings.Lines(text) {
		if strings.Contains(line, word) {
			lines.WriteString(line)
		}
	}
	return lines.String()
}
