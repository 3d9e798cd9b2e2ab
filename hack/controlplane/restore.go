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
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Snapshot copies what etcd holds at this moment, for Restore. It returns the folder of the copy, which Stop removes.
func (c *ControlPlane) Snapshot() (string, error) {
	dir, err := os.MkdirTemp(c.folder.dir, "snapshot-")
	if err != nil {
		return "", fmt.Errorf("making a folder for a snapshot: %w", err)
	}
	// The files of a process that stands still are as a crash would leave them, which etcd can read.
	if err := c.folder.signal(etcdBinary, syscall.SIGSTOP); err != nil {
		return "", err
	}
	err = os.CopyFS(filepath.Join(dir, "data"), os.DirFS(c.Environment.ControlPlane.Etcd.DataDir))
	if err := errors.Join(err, c.folder.signal(etcdBinary, syscall.SIGCONT)); err != nil {
		return "", fmt.Errorf("copying the data of etcd: %w", err)
	}
	return dir, nil
}

// Restore kills the API server and etcd, puts back what etcd held at a snapshot, and starts both again at the same
// addresses. The revision of etcd goes back too, and then on by so many as are asked for.
func (c *ControlPlane) Restore(snapshot string, revisions int) error {
	etcd, apiServer := c.Environment.ControlPlane.Etcd, c.Environment.ControlPlane.APIServer
	for _, name := range []string{apiServerBinary, etcdBinary} {
		if err := c.folder.signal(name, syscall.SIGKILL); err != nil {
			return err
		}
	}
	if err := errors.Join(ignoreEnded(apiServer.Stop()), ignoreEnded(etcd.Stop())); err != nil {
		return fmt.Errorf("stopping the control plane: %w", err)
	}
	if err := os.RemoveAll(etcd.DataDir); err != nil {
		return fmt.Errorf("removing the data of etcd: %w", err)
	}
	if err := os.CopyFS(etcd.DataDir, os.DirFS(filepath.Join(snapshot, "data"))); err != nil {
		return fmt.Errorf("restoring the data of etcd: %w", err)
	}
	if err := etcd.Start(); err != nil {
		return fmt.Errorf("starting etcd again: %w\n%s", err, c.folder.lastLogs())
	}
	for range revisions {
		if err := put(etcd.URL.String()); err != nil {
			return err
		}
	}
	if err := apiServer.Start(); err != nil {
		return fmt.Errorf("starting kube-apiserver again: %w\n%s", err, c.folder.lastLogs())
	}
	return nil
}

// put makes a revision of etcd.
func put(etcd string) error {
	body, err := json.Marshal(map[string][]byte{"key": []byte("/revision"), "value": []byte(time.Now().String())})
	if err != nil {
		return fmt.Errorf("encoding a request to etcd: %w", err)
	}
	response, err := http.Post(etcd+"/v3/kv/put", "application/json", bytes.NewReader(body)) //nolint:gosec // the local etcd
	if err != nil {
		return fmt.Errorf("writing to etcd: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("writing to etcd: %s", response.Status)
	}
	return nil
}

// ignoreEnded leaves out that a process was signalled which had ended already.
func ignoreEnded(err error) error {
	if errors.Is(err, syscall.ESRCH) {
		return nil
	}
	return err
}
