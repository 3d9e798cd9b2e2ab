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
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/hack/controlplane/controlplanetest"
)

const webhookName = "journey-operator-warnings"

// wantWarnings turns warnings on as the components of config/webhook do, and asks for them through the API server.
func (i *installation) wantWarnings(t *testing.T) {
	i.sample(t, "warned")
	service := newWebhookService(t)
	i.turnOnWarnings(t, service)
	i.wantRestricted(t)
	secret := newMountedSecret(t)
	replicas := []*warningReplica{i.startWarning(t, secret), i.startWarning(t, secret)}
	for _, r := range replicas {
		eventually(t, "the manager is ready without a certificate", r.ready)
		service.forward(r.address)
		if got := i.waitFor(t, "warned", "before-there-is-a-certificate"); len(got) > 0 {
			t.Errorf("without a certificate: got the warnings %q", got)
		}
	}
	warns := func(when string) {
		t.Helper()
		for n, r := range replicas {
			service.forward(r.address)
			eventually(t, fmt.Sprintf("replica %d warns %s", n, when), func() error {
				const want = "Requirement requirement: There is no BuildingBlock nowhere"
				if got := i.waitFor(t, "warned", "nowhere", client.DryRunAll); !slices.Contains(got, want) {
					return fmt.Errorf("got the warnings %q", got)
				}
				return nil
			})
		}
	}
	secret.write(t)
	i.trust(t, secret)
	warns("with a certificate")
	if countLeaders(replicas) > 1 {
		t.Error("there are two leaders, so that it is not known whether one that does not lead warns")
	}

	secret.write(t)
	i.trust(t, secret)
	warns("with a new certificate")

	for what, address := range map[string]string{"down": freeAddress(t), "silent": silent} {
		service.forward(address)
		block := "while-the-service-is-" + what
		if got := i.waitFor(t, "warned", block); len(got) > 0 {
			t.Errorf("%s: got the warnings %q", what, got)
		}
		stored := &cxv1alpha1.Requirement{}
		if err := i.Get(t.Context(), client.ObjectKey{Namespace: "warned", Name: "requirement"}, stored); err != nil {
			t.Fatal(err)
		}
		if got := stored.Spec.BuildingBlockRef; got == nil || string(got.Name) != block {
			t.Errorf("%s: the change was not made; the requirement waits for %v", what, got)
		}
	}
	service.forward(replicas[0].address)
	warns("after all that")
	for _, r := range replicas {
		r.terminate(t)
	}
}

func countLeaders(replicas []*warningReplica) int {
	n := 0
	for _, r := range replicas {
		if r.logs.wantLine("Successfully acquired lease") == nil {
			n++
		}
	}
	return n
}

// warningReplica is a manager that warns.
type warningReplica struct {
	*process

	address string
}

func (i *installation) startWarning(t testing.TB, secret *mountedSecret, args ...string) *warningReplica {
	t.Helper()
	address := freeAddress(t)
	args = append(args, "--warnings-bind-address="+address, "--warnings-cert-dir="+secret.dir)
	return &warningReplica{i.start(t, args...), address}
}

// waitFor has a requirement wait for a block, and returns the warnings about that.
func (i *installation) waitFor(t *testing.T, namespace, block string, options ...client.PatchOption) []string {
	t.Helper()
	config, heard := rest.CopyConfig(i.config), &warningList{}
	config.WarningHandler = heard
	c, err := client.New(config, client.Options{Scheme: i.Scheme()})
	if err != nil {
		t.Fatal(err)
	}
	patch := client.RawPatch(types.MergePatchType, fmt.Appendf(nil, `{"spec": {"buildingBlockRef": {"name": %q}}}`, block))
	if err := c.Patch(t.Context(), newRequirement(namespace, "requirement"), patch, options...); err != nil {
		t.Fatal(err)
	}
	return heard.lines
}

type warningList struct{ lines []string }

func (l *warningList) HandleWarningHeader(_ int, _, text string) { l.lines = append(l.lines, text) }

// turnOnWarnings applies config/default with its components for warnings, and has the API server ask at the service.
func (i *installation) turnOnWarnings(t testing.TB, service *webhookService) {
	t.Helper()
	for _, object := range renderWarnings(t, "network-policy") {
		if err := i.Apply(t.Context(), client.ApplyConfigurationFromUnstructured(object), client.ForceOwnership, client.FieldOwner("test")); err != nil {
			t.Fatalf("%s %s: %v", object.GetKind(), object.GetName(), err)
		}
	}
	configuration := i.webhook(t)
	hook := &configuration.Webhooks[0]
	if *hook.FailurePolicy != admissionregistrationv1.Ignore || *hook.TimeoutSeconds != 2 {
		t.Errorf("the API server waits %ds, and then its policy is %s", *hook.TimeoutSeconds, *hook.FailurePolicy)
	}
	// A control plane without nodes has no services.
	hook.ClientConfig = admissionregistrationv1.WebhookClientConfig{
		URL: new("https://" + service.Addr().String() + *hook.ClientConfig.Service.Path),
	}
	if err := i.Update(t.Context(), configuration); err != nil {
		t.Fatal(err)
	}
}

func (i *installation) webhook(t testing.TB) *admissionregistrationv1.ValidatingWebhookConfiguration {
	t.Helper()
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{}
	if err := i.Get(t.Context(), client.ObjectKey{Name: webhookName}, configuration); err != nil {
		t.Fatal(err)
	}
	return configuration
}

// trust has the API server trust the certificate of a secret.
func (i *installation) trust(t testing.TB, secret *mountedSecret) {
	t.Helper()
	configuration := i.webhook(t)
	configuration.Webhooks[0].ClientConfig.CABundle = secret.certificate
	if err := i.Update(t.Context(), configuration); err != nil {
		t.Fatal(err)
	}
}

// renderWarnings returns the objects of config/default with config/webhook and some of its components.
func renderWarnings(t testing.TB, components ...string) []*unstructured.Unstructured {
	t.Helper()
	dir, err := os.MkdirTemp(".", "webhook-") //nolint:usetesting // Kustomize takes no absolute paths, so it must be near config.
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	kustomization := "resources: [../../../config/default]\ncomponents:\n- ../../../config/webhook\n"
	for _, component := range components {
		kustomization += "- ../../../config/webhook/" + component + "\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(kustomization), 0o600); err != nil {
		t.Fatal(err)
	}
	return controlplanetest.Build(t, dir)
}

// TestWarningsWithCertManager holds the names together that cert-manager, the API server and the manager must agree on.
func TestWarningsWithCertManager(t *testing.T) {
	objects := renderWarnings(t, "cert-manager")
	find := func(kind, name string) *unstructured.Unstructured {
		t.Helper()
		n := slices.IndexFunc(objects, func(o *unstructured.Unstructured) bool { return o.GetKind() == kind && o.GetName() == name })
		if n < 0 {
			t.Fatalf("there is no %s %s", kind, name)
		}
		return objects[n]
	}
	at := func(object *unstructured.Unstructured, path ...string) string {
		t.Helper()
		value, found, err := unstructured.NestedString(object.Object, path...)
		if err != nil || !found {
			t.Errorf("%s %s has no %s: %v", object.GetKind(), object.GetName(), strings.Join(path, "."), err)
		}
		return value
	}
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{}
	deployment := &appsv1.Deployment{}
	for object, typed := range map[*unstructured.Unstructured]any{
		find("ValidatingWebhookConfiguration", webhookName): configuration, find("Deployment", serviceAccount): deployment,
	} {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, typed); err != nil {
			t.Fatal(err)
		}
	}

	namespace, name, _ := strings.Cut(configuration.Annotations["cert-manager.io/inject-ca-from"], "/")
	certificate := find("Certificate", name)
	if certificate.GetNamespace() != namespace {
		t.Errorf("the API server gets its authority from namespace %q, and the certificate is in %q", namespace, certificate.GetNamespace())
	}
	service := configuration.Webhooks[0].ClientConfig.Service
	hosts, _, _ := unstructured.NestedStringSlice(certificate.Object, "spec", "dnsNames")
	if host := service.Name + "." + service.Namespace + ".svc"; !slices.Contains(hosts, host) {
		t.Errorf("the certificate is for %q, and the API server asks %s", hosts, host)
	}
	if issuer := find(at(certificate, "spec", "issuerRef", "kind"), at(certificate, "spec", "issuerRef", "name")); issuer.GetNamespace() != certificate.GetNamespace() {
		t.Errorf("the issuer is in namespace %q", issuer.GetNamespace())
	}
	pod := deployment.Spec.Template.Spec
	if want := at(certificate, "spec", "secretName"); pod.Volumes[0].Secret.SecretName != want || deployment.Namespace != certificate.GetNamespace() {
		t.Errorf("the manager reads the Secret %q, and the certificate is in %q", pod.Volumes[0].Secret.SecretName, want)
	}

	o := defaultOptions()
	if err := o.program().Parse(pod.Containers[0].Args); err != nil {
		t.Fatal(err)
	}
	if mount := pod.Containers[0].VolumeMounts[0]; o.warningsCertDir != mount.MountPath || mount.Name != pod.Volumes[0].Name {
		t.Errorf("the manager reads its certificate from %s, and it is mounted at %s", o.warningsCertDir, mount.MountPath)
	}
	target := at(find("Service", service.Name), "spec", "selector", "control-plane")
	if target != deployment.Spec.Template.Labels["control-plane"] {
		t.Errorf("the Service selects %q", target)
	}
	ports, _, _ := unstructured.NestedSlice(find("Service", service.Name).Object, "spec", "ports")
	for _, port := range pod.Containers[0].Ports {
		if port.Name == ports[0].(map[string]any)["targetPort"] && o.warningsAddress == fmt.Sprintf(":%d", port.ContainerPort) {
			return
		}
	}
	t.Errorf("the manager listens at %s, its ports are %v, and the Service forwards to %v", o.warningsAddress, pod.Containers[0].Ports, ports)
}
