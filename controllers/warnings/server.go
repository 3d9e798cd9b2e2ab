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

package warnings

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"github.com/go-logr/logr"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// Path is where the API server asks.
const Path = "/warnings"

// certificateInterval is how often to look for a certificate that is not there yet.
const certificateInterval = time.Second

// Options say where the API server asks.
type Options struct {
	// BindAddress is host and port.
	BindAddress string
	// CertDir is the folder of tls.crt and tls.key. New ones are taken up when they come.
	CertDir string
	// HTTP2 lets the API server ask over HTTP/2.
	HTTP2 bool
}

// SetupWithManager has every replica of a manager serve warnings.
func SetupWithManager(mgr ctrl.Manager, portfolios Portfolios, options Options) error {
	host, port, err := net.SplitHostPort(options.BindAddress)
	if err != nil {
		return fmt.Errorf("reading the address %q: %w", options.BindAddress, err)
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return fmt.Errorf("reading the port of the address %q: %w", options.BindAddress, err)
	}
	log := mgr.GetLogger().WithName("warnings")
	s := webhook.NewServer(webhook.Options{Host: host, Port: number, CertDir: options.CertDir, TLSOpts: []func(*tls.Config){
		func(c *tls.Config) {
			if !options.HTTP2 {
				c.NextProtos = []string{"http/1.1"}
			}
		},
	}})
	s.Register(Path, &admission.Webhook{Handler: handler{newAdviser(portfolios, log)}})
	return mgr.Add(&server{Server: s, certDir: options.CertDir, log: log})
}

// server serves as soon as there is a certificate. The operator does not wait for one: warnings are a courtesy.
type server struct {
	webhook.Server

	certDir string
	log     logr.Logger
}

// Start serves until ctx ends.
func (s *server) Start(ctx context.Context) error {
	for told := false; ; told = true {
		_, err := tls.LoadX509KeyPair(filepath.Join(s.certDir, "tls.crt"), filepath.Join(s.certDir, "tls.key"))
		if err == nil {
			return s.Server.Start(ctx)
		}
		if !told {
			s.log.Error(err, "There are no warnings before there is a certificate for them")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(certificateInterval):
		}
	}
}
