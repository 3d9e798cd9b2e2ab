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
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// process is a running program, such as the manager.
type process struct {
	name    string
	command *exec.Cmd
	log     string
	// ended is closed when the process has ended.
	ended chan struct{}
	err   error
}

const (
	readyTimeout = time.Minute
	stopTimeout  = 30 * time.Second
)

// startManager starts the manager as a child process and waits until it is ready.
func (d *demo) startManager(ctx context.Context) error {
	kubeconfig := filepath.Join(d.dir, "manager-kubeconfig")
	if err := d.writeKubeconfig(ctx, serviceAccount, kubeconfig); err != nil {
		return err
	}
	probes, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	if d.metrics, err = freeAddress(ctx); err != nil {
		return err
	}
	if d.warnings, err = d.newWarnings(ctx); err != nil {
		return err
	}
	command := exec.Command(filepath.Join(d.programs, "manager"), append(d.warnings.flags(),
		"--kubeconfig="+kubeconfig,
		"--leader-elect", "--leader-election-namespace="+systemNamespace,
		"--health-probe-bind-address="+probes,
		"--metrics-bind-address="+d.metrics,
	)...)
	if d.manager, err = d.startProcess("manager", command); err != nil {
		return err
	}
	return d.manager.waitReady(ctx, "http://"+probes+"/readyz")
}

// startProcess starts a program as a child process, whose output goes to a file.
func (d *demo) startProcess(name string, command *exec.Cmd) (*process, error) {
	log, err := os.Create(filepath.Join(d.dir, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("making the log of the %s: %w", name, err)
	}
	defer log.Close() // the process has its own copy of the file
	command.Stdout, command.Stderr = log, log
	// A process group of its own, so that Ctrl-C goes to the demo only. The demo then stops the process.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("starting the %s: %w", name, err)
	}
	if err := d.folder.KillAtEnd(command.Process); err != nil {
		return nil, errors.Join(err, command.Process.Kill(), command.Wait())
	}
	p := &process{name: name, command: command, log: log.Name(), ended: make(chan struct{})}
	go func() {
		p.err = command.Wait()
		close(p.ended)
	}()
	return p, nil
}

// freeAddress finds a free port, so that several demos can run at the same time.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("finding a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func (p *process) waitReady(ctx context.Context, url string) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		if isReady(ctx, url) {
			return nil
		}
		select {
		case <-time.After(pollInterval):
		case <-p.ended:
			return fmt.Errorf("it ended by itself (%w):\n%s", p.err, p.lastLogs())
		case <-ctx.Done():
			return fmt.Errorf("it is not ready after %s; it says:\n%s", readyTimeout, p.lastLogs())
		}
	}
}

func isReady(ctx context.Context, url string) bool {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return false
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}

// stop ends the process with a signal, so that it can give up its lease. If that takes too long, it kills the process.
func (p *process) stop() error {
	if err := p.command.Process.Signal(os.Interrupt); err != nil && !errors.Is(err, os.ErrProcessDone) {
		_ = p.command.Process.Kill()
	}
	select {
	case <-p.ended:
	case <-time.After(stopTimeout):
		_ = p.command.Process.Kill()
		<-p.ended
		return fmt.Errorf("the %s did not stop within %s and was killed; it said:\n%s", p.name, stopTimeout, p.lastLogs())
	}
	return nil
}

const lastLines = 15

// lastLogs returns the end of what the process wrote.
func (p *process) lastLogs() string {
	content, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	return strings.Join(lines[max(0, len(lines)-lastLines):], "\n")
}
