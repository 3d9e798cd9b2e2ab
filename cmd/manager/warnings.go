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
	"errors"

	"github.com/spf13/pflag"

	"github.com/journeyops/journey-operator/cmd/internal/daemon"
	"github.com/journeyops/journey-operator/controllers/warnings"
)

func (o *options) warningFlags(f *pflag.FlagSet) {
	f.StringVar(&o.warningsAddress, "warnings-bind-address", o.warningsAddress,
		"`address` where the API server asks what a change does, to warn those who make it (see config/webhook). 0 turns it off")
	f.StringVar(&o.warningsCertDir, "warnings-cert-dir", o.warningsCertDir,
		"`folder` of tls.crt and tls.key for that. New ones are taken up when they come")
}

func (o *options) validateWarnings() error {
	if o.warningsAddress != daemon.Off && o.warningsCertDir == "" {
		return errors.New("--warnings-bind-address needs --warnings-cert-dir: the API server asks over HTTPS only")
	}
	return daemon.ValidateAddress("warnings-bind-address", o.warningsAddress)
}

// warnings returns nil where they are off.
func (o *options) warnings() *warnings.Options {
	if o.warningsAddress == daemon.Off {
		return nil
	}
	return &warnings.Options{BindAddress: o.warningsAddress, CertDir: o.warningsCertDir, HTTP2: o.EnableHTTP2}
}
