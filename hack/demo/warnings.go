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
	"path/filepath"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	"k8s.io/client-go/util/cert"
	"sigs.k8s.io/yaml"
)

// warnings is how the manager warns those who make a change of what it does.
type warnings struct {
	address     string
	dir         string
	certificate []byte
}

// newWarnings makes a certificate, which the manager reads from files.
func (d *demo) newWarnings(ctx context.Context) (*warnings, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	certificate, key, err := cert.GenerateSelfSignedCertKey("127.0.0.1", nil, nil)
	if err != nil {
		return nil, fmt.Errorf("making a certificate: %w", err)
	}
	dir := filepath.Join(d.dir, "webhook")
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making a folder for the certificate: %w", err)
	}
	for name, content := range map[string][]byte{"tls.crt": certificate, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, fmt.Errorf("writing the certificate: %w", err)
		}
	}
	return &warnings{address, dir, certificate}, nil
}

// flags of the manager.
func (w *warnings) flags() []string {
	return []string{"--warnings-bind-address=" + w.address, "--warnings-cert-dir=" + w.dir}
}

// turnOnWarnings applies the webhook of config/webhook, with the address at which the manager is here instead of a Service.
func (d *demo) turnOnWarnings(ctx context.Context) error {
	data, err := os.ReadFile(filepath.Join(d.root, "config", "webhook", "validating_webhook.yaml"))
	if err != nil {
		return fmt.Errorf("reading the webhook: %w", err)
	}
	configuration := &admissionregistrationv1.ValidatingWebhookConfiguration{}
	if err := yaml.UnmarshalStrict(data, configuration); err != nil {
		return fmt.Errorf("reading the webhook: %w", err)
	}
	asked := &configuration.Webhooks[0].ClientConfig
	*asked = admissionregistrationv1.WebhookClientConfig{
		URL: new("https://" + d.warnings.address + *asked.Service.Path), CABundle: d.warnings.certificate,
	}
	if data, err = yaml.Marshal(configuration); err != nil {
		return fmt.Errorf("writing the webhook: %w", err)
	}
	file := filepath.Join(d.warnings.dir, "webhook.yaml")
	if err := os.WriteFile(file, data, 0o600); err != nil {
		return fmt.Errorf("writing the webhook: %w", err)
	}
	return d.runKubectl(ctx, "apply", "--server-side", "-f", file)
}
