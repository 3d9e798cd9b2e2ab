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
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"k8s.io/client-go/util/cert"
)

// webhookService forwards connections of the API server to a replica, as a Service does.
type webhookService struct {
	net.Listener

	mu          sync.Mutex
	target      string
	connections []net.Conn
}

// silent is the address of a replica that takes connections and never answers.
const silent = ""

func newWebhookService(t testing.TB) *webhookService {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &webhookService{Listener: listener}
	go s.serve()
	t.Cleanup(func() {
		_ = listener.Close()
		s.forward(silent)
	})
	return s
}

// forward has all connections from now on go to a replica.
func (s *webhookService) forward(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.connections {
		_ = c.Close()
	}
	s.target, s.connections = address, nil
}

func (s *webhookService) serve() {
	for {
		from, err := s.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.connections = append(s.connections, from)
		target := s.target
		s.mu.Unlock()
		if target == silent {
			continue
		}
		to, err := net.Dial("tcp", target)
		if err != nil {
			_ = from.Close()
			continue
		}
		for _, pair := range [][2]net.Conn{{from, to}, {to, from}} {
			go func() {
				_, _ = io.Copy(pair[0], pair[1])
				_ = pair[0].Close()
			}()
		}
	}
}

// mountedSecret is the folder of a mounted Secret, kept as the kubelet does: a new version comes in a folder of its own, to which a
// link is moved.
type mountedSecret struct {
	dir         string
	versions    int
	certificate []byte
}

// newMountedSecret mounts a Secret that is not there yet.
func newMountedSecret(t testing.TB) *mountedSecret {
	t.Helper()
	return &mountedSecret{dir: t.TempDir()}
}

// write replaces the certificate and its key by new ones.
func (s *mountedSecret) write(t testing.TB) {
	t.Helper()
	var key []byte
	var err error
	if s.certificate, key, err = cert.GenerateSelfSignedCertKey("127.0.0.1", nil, nil); err != nil {
		t.Fatal(err)
	}
	data := filepath.Join(s.dir, "..data")
	old, _ := os.Readlink(data)
	s.versions++
	version := fmt.Sprintf("..%s.%d", time.Now().Format("2006_01_02_15_04_05"), s.versions)
	steps := []error{os.Mkdir(filepath.Join(s.dir, version), 0o700)}
	for name, content := range map[string][]byte{"tls.crt": s.certificate, "tls.key": key} {
		steps = append(steps, os.WriteFile(filepath.Join(s.dir, version, name), content, 0o600))
	}
	steps = append(steps, os.Symlink(version, data+"_tmp"), os.Rename(data+"_tmp", data))
	if old == "" {
		for _, name := range []string{"tls.crt", "tls.key"} {
			steps = append(steps, os.Symlink(filepath.Join("..data", name), filepath.Join(s.dir, name)))
		}
	} else {
		steps = append(steps, os.RemoveAll(filepath.Join(s.dir, old)))
	}
	for _, err := range steps {
		if err != nil {
			t.Fatal(err)
		}
	}
}
