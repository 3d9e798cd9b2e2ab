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
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// Names in config/default.
const (
	systemNamespace = "journey-operator-system"
	serviceAccount  = "journey-operator-controller-manager"
)

// run kubectl as the admin.
func (d *demo) runKubectl(ctx context.Context, args ...string) error {
	command := exec.CommandContext(ctx, d.kubectl, args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+d.kubeconfig)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("kubectl %s: %w\n%s", strings.Join(args, " "), err, output)
	}
	return nil
}

// install applies the same objects as "make deploy". The control plane has no nodes, so the Deployment gets no pods. The manager runs
// beside the cluster instead, with the same rights.
func (d *demo) install(ctx context.Context) error {
	if err := d.runKubectl(ctx, "apply", "--server-side", "-k", filepath.Join(d.root, "config", "default")); err != nil {
		return err
	}
	args := []string{"wait", "--for=condition=Established", "--timeout=60s"}
	for k := range cxv1alpha1.AllKinds() {
		args = append(args, "crd/"+k.Plural+"."+cxv1alpha1.GroupVersion.Group)
	}
	return d.runKubectl(ctx, args...)
}

// token is one of a ServiceAccount in the operator's namespace, for a day.
func (d *demo) token(ctx context.Context, account string) (string, error) {
	client, err := kubernetes.NewForConfig(d.config)
	if err != nil {
		return "", fmt.Errorf("connecting to the cluster: %w", err)
	}
	day := int64((24 * time.Hour).Seconds())
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{ExpirationSeconds: &day}}
	token, err := client.CoreV1().ServiceAccounts(systemNamespace).CreateToken(ctx, account, request, metav1.CreateOptions{})
	if err != nil {
		return "", fmt.Errorf("requesting a token for ServiceAccount %s/%s: %w", systemNamespace, account, err)
	}
	return token.Status.Token, nil
}

// writeKubeconfig writes a kubeconfig with a token of a ServiceAccount in the operator's namespace. So a program may do what its roles allow,
// and nothing else.
func (d *demo) writeKubeconfig(ctx context.Context, account, path string) error {
	token, err := d.token(ctx, account)
	if err != nil {
		return err
	}
	config := clientcmdapi.NewConfig()
	config.Clusters["demo"] = &clientcmdapi.Cluster{Server: d.config.Host, CertificateAuthorityData: d.config.CAData}
	config.AuthInfos[account] = &clientcmdapi.AuthInfo{Token: token}
	config.Contexts["demo"] = &clientcmdapi.Context{Cluster: "demo", AuthInfo: account, Namespace: systemNamespace}
	config.CurrentContext = "demo"
	if err := clientcmd.WriteToFile(*config, path); err != nil {
		return fmt.Errorf("writing the kubeconfig of %s: %w", account, err)
	}
	return nil
}

func (d *demo) apply(ctx context.Context) error { return d.applyFolder(ctx, d.sample) }

// applyFolder applies a kustomization to the namespace of the portfolio, which it makes.
func (d *demo) applyFolder(ctx context.Context, folder string) error {
	if err := d.runKubectl(ctx, "create", "namespace", d.namespace); err != nil {
		return err
	}
	// So that kubectl commands of the user are in the right namespace.
	if err := d.runKubectl(ctx, "config", "set-context", "--current", "--namespace", d.namespace); err != nil {
		return err
	}
	return d.runKubectl(ctx, "apply", "--server-side", "-n", d.namespace, "-k", folder)
}
