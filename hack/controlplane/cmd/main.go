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

// Command controlplane downloads or builds, or runs, the local control plane of the tests and the demo.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/go-logr/logr"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/journeyops/journey-operator/hack/controlplane"
)

const usage = `Usage: go run ./hack/controlplane/cmd <command> [flags]

  assets   download or build kube-apiserver, etcd and kubectl if need be, and print their folder
  up       start a control plane and keep it until Ctrl-C; -h shows its flags
`

func main() {
	os.Exit(report(start()))
}

// start runs the command until it is done or interrupted.
func start() error {
	log.SetLogger(logr.Discard()) // envtest logs what it returns as an error too
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer cancel()
	return run(ctx, os.Args[1:])
}

// report tells how it ended, and gives the exit code.
func report(err error) int {
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "interrupted; nothing half-made is left")
		return 130
	}
	fmt.Fprintln(os.Stderr, "Error:", err)
	return 1
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		args = []string{"help"}
	}
	switch args[0] {
	case "assets":
		return assets(ctx)
	case "up":
		return up(ctx, args[1:])
	default:
		fmt.Fprint(os.Stderr, usage)
		return flag.ErrHelp
	}
}

func assets(ctx context.Context) error {
	dir, err := controlplane.Assets(ctx, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Println(dir)
	return nil
}

func up(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("up", flag.ContinueOnError)
	kubeconfig := flags.String("kubeconfig", "", "`file` to write the admin's kubeconfig to (default: one that goes with the control plane)")
	auditLog := flags.String("audit-log", "", "`file` to write an audit event to for every request")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c, err := controlplane.Start(ctx, controlplane.Options{AuditLog: *auditLog, Progress: os.Stderr})
	if err != nil {
		return err
	}
	if *kubeconfig == "" {
		*kubeconfig = filepath.Join(c.Dir(), "kubeconfig")
	}
	if err := c.WriteKubeconfig(*kubeconfig); err != nil {
		return errors.Join(err, c.Stop())
	}
	fmt.Printf("export KUBECONFIG=%s\n", *kubeconfig)
	fmt.Fprintf(os.Stderr, "kubectl is in %s. Ctrl-C stops the control plane and forgets what it stored.\n", c.Assets)
	<-ctx.Done()
	return c.Stop()
}
