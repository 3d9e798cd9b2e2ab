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
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/envtest"
)

const (
	startTimeoutVariable = "KUBEBUILDER_CONTROLPLANE_START_TIMEOUT"
	// startTimeout is for a machine that is busy with other tests; an idle one needs a few seconds.
	startTimeout = 2 * time.Minute

	// auditPolicy logs one line for every request, when it has been answered.
	auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted, Panic]
rules:
- level: Metadata
`
)

// Options of a control plane. The zero value is fine.
type Options struct {
	// CRDPaths are files and folders with CustomResourceDefinitions to install. They must exist.
	// Nil means config/crd/bases of the repository, where that exists. Empty means none.
	CRDPaths []string

	// APIServerArgs are flags of kube-apiserver, without the leading dashes. They win over the usual ones.
	APIServerArgs map[string]string

	// AuditLog is a file to which the API server writes an audit event (JSON, one a line, level Metadata,
	// stage ResponseComplete) for every request, watches when they end. The response to a request may arrive a
	// moment before its event is in the file. The file stays after Stop.
	AuditLog string

	// Progress gets a report while missing binaries are built. It may be nil.
	Progress io.Writer
}

// ControlPlane is a running kube-apiserver with its etcd. RBAC is enforced.
type ControlPlane struct {
	// Config is the admin's. It has no client-side rate limit.
	Config *rest.Config

	// Assets is the folder of the binaries. See Kubectl.
	Assets string

	// Environment is what runs below, for what this package does not offer: more users, webhooks.
	// Stop the ControlPlane, not the Environment.
	Environment *envtest.Environment

	folder   *Folder
	stopOnce sync.Once
	stopErr  error
}

// Start starts a control plane with the binaries of Assets. It runs until Stop, the end of ctx, or the end of
// this process, even by kill -9.
func Start(ctx context.Context, options Options) (*ControlPlane, error) {
	assets, err := Assets(ctx, options.Progress)
	if err != nil {
		return nil, err
	}
	crds, err := crdPaths(options.CRDPaths)
	if err != nil {
		return nil, err
	}
	folder, err := NewFolder("journey-controlplane-")
	if err != nil {
		return nil, err
	}
	environment, err := folder.environment(assets, options)
	if err != nil {
		return nil, errors.Join(err, folder.Remove())
	}
	environment.CRDDirectoryPaths = crds

	c := &ControlPlane{Assets: assets, Environment: environment, folder: folder}
	if err := c.start(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	context.AfterFunc(ctx, func() { _ = c.Stop() })
	return c, nil
}

func (c *ControlPlane) start(ctx context.Context) error {
	started := make(chan error, 1)
	go func() {
		_, err := c.Environment.Start()
		started <- err
	}()
	select {
	case err := <-started:
		if err != nil {
			return fmt.Errorf("starting the control plane: %w\n%s", err, c.folder.lastLogs())
		}
	case <-ctx.Done():
		// envtest cannot be cancelled. Without its processes it soon fails.
		err := c.folder.Remove()
		<-started //nolint:errcheck // only says that its processes are gone
		return errors.Join(ctx.Err(), err)
	}
	c.Config = rest.CopyConfig(c.Environment.Config)
	c.Config.QPS = -1
	// envtest makes a certificate for webhooks outside our folder, whether there are any or not.
	if err := os.RemoveAll(c.Environment.WebhookInstallOptions.LocalServingCertDir); err != nil {
		return fmt.Errorf("removing what the control plane does not need: %w", err)
	}
	return nil
}

// Stop ends the processes and removes all that was stored. Calls after the first wait for it and return the same.
func (c *ControlPlane) Stop() error {
	c.stopOnce.Do(func() {
		// Killed, not asked: kube-apiserver would wait until all watches have ended, and nobody needs its data.
		c.stopErr = errors.Join(c.folder.Remove(), c.stopEnvironment())
		if c.stopErr != nil {
			c.stopErr = fmt.Errorf("stopping the control plane: %w", c.stopErr)
		}
	})
	return c.stopErr
}

// stopEnvironment lets envtest notice that its processes were killed.
func (c *ControlPlane) stopEnvironment() error {
	err := c.Environment.Stop()
	if errors.Is(err, syscall.ESRCH) {
		// envtest signalled a process that had just ended. By now it has noticed.
		err = c.Environment.Stop()
	}
	return err
}

// RestartAPIServer kills the API server, which cuts all watches, keeps it away for a while, and starts it again
// at the same address with the same data and users.
func (c *ControlPlane) RestartAPIServer(away time.Duration) error {
	if err := c.folder.signal(apiServerBinary, syscall.SIGKILL); err != nil {
		return err
	}
	apiServer := c.Environment.ControlPlane.APIServer
	if err := ignoreEnded(apiServer.Stop()); err != nil {
		return fmt.Errorf("stopping kube-apiserver: %w", err)
	}
	time.Sleep(away)
	if err := apiServer.Start(); err != nil {
		return fmt.Errorf("starting kube-apiserver again: %w\n%s", err, c.folder.lastLogs())
	}
	return nil
}

// Freeze has the API server hang: it keeps its connections and answers nothing, until it is thawed.
func (c *ControlPlane) Freeze() error {
	return c.folder.signal(apiServerBinary, syscall.SIGSTOP)
}

// Thaw has a frozen API server go on.
func (c *ControlPlane) Thaw() error {
	return c.folder.signal(apiServerBinary, syscall.SIGCONT)
}

// WriteKubeconfig writes the admin's kubeconfig to a file that only this user can read.
func (c *ControlPlane) WriteKubeconfig(path string) error {
	// A new file that is moved into place has the right mode, and is never half written.
	file, err := os.CreateTemp(filepath.Dir(path), ".kubeconfig-")
	if err != nil {
		return fmt.Errorf("writing the kubeconfig: %w", err)
	}
	_, err = file.Write(c.Environment.KubeConfig)
	err = errors.Join(err, file.Close())
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name())
		return fmt.Errorf("writing the kubeconfig: %w", err)
	}
	return nil
}

// KillAtEnd sees to it that a process ends with the control plane, even when this process is killed.
func (c *ControlPlane) KillAtEnd(process *os.Process) error {
	return c.folder.KillAtEnd(process)
}

// Dir is a folder for files that go with the control plane. Stop removes it.
func (c *ControlPlane) Dir() string {
	return c.folder.dir
}

func crdPaths(given []string) ([]string, error) {
	if given != nil {
		return given, nil
	}
	root, err := repoRoot()
	if err != nil {
		return nil, err
	}
	bases := filepath.Join(root, "config", "crd", "bases")
	if _, err := os.Stat(bases); err != nil {
		return nil, nil //nolint:nilerr // A tree without generated CRDs has none to install.
	}
	return []string{bases}, nil
}

// environment configures envtest so that everything is in the folder.
func (f *Folder) environment(assets string, options Options) (*envtest.Environment, error) {
	etcdLog, err := f.log(etcdBinary)
	if err != nil {
		return nil, err
	}
	apiServerLog, err := f.log(apiServerBinary)
	if err != nil {
		return nil, err
	}
	etcd := &envtest.Etcd{Out: etcdLog, Err: etcdLog}
	apiServer := &envtest.APIServer{Out: apiServerLog, Err: apiServerLog}
	etcd.Path, etcd.DataDir, err = f.process(assets, etcdBinary)
	if err != nil {
		return nil, err
	}
	apiServer.Path, apiServer.CertDir, err = f.process(assets, apiServerBinary)
	if err != nil {
		return nil, err
	}
	args, err := f.apiServerArgs(options)
	if err != nil {
		return nil, err
	}
	for name, value := range args {
		apiServer.Configure().Set(name, value)
	}
	// Tests store more than the default of 2 GiB holds, and nobody needs their data after a power cut.
	etcd.Configure().Set("quota-backend-bytes", fmt.Sprint(8<<30)).Set("unsafe-no-fsync", "true")

	useExisting := false
	environment := &envtest.Environment{
		ControlPlane:          envtest.ControlPlane{Etcd: etcd, APIServer: apiServer, KubectlPath: filepath.Join(assets, kubectlBinary)},
		UseExistingCluster:    &useExisting, // whatever USE_EXISTING_CLUSTER says
		ErrorIfCRDPathMissing: true,
	}
	if os.Getenv(startTimeoutVariable) == "" {
		environment.ControlPlaneStartTimeout = startTimeout
	}
	return environment, nil
}

func (f *Folder) apiServerArgs(options Options) (map[string]string, error) {
	args := map[string]string{"authorization-mode": "RBAC"}
	if options.AuditLog != "" {
		path, err := filepath.Abs(options.AuditLog)
		if err != nil {
			return nil, fmt.Errorf("finding the audit log: %w", err)
		}
		policy := filepath.Join(f.dir, "audit-policy.yaml")
		if err := os.WriteFile(policy, []byte(auditPolicy), 0o600); err != nil {
			return nil, fmt.Errorf("writing the audit policy: %w", err)
		}
		args["audit-log-path"] = path
		args["audit-policy-file"] = policy
		// Tests count the lines of the log, so it must be one file. By default a new one begins every 100 MB.
		args["audit-log-maxsize"] = "1000000"
	}
	maps.Copy(args, options.APIServerArgs)
	return args, nil
}
