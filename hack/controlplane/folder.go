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
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// watchdog waits until its parent closes the pipe; for a killed parent the kernel does that. Then it kills the processes
// that the pid files name, and removes the folder. It removes the scripts in bin first, so that nothing new can start.
const watchdog = `trap '' HUP INT TERM
cat >/dev/null
rm -rf "$1/bin"
for file in "$1"/*.pid; do
	test -f "$file" && kill -KILL "$(cat "$file")" 2>/dev/null
done
rm -rf "$1" || { sleep 1; rm -rf "$1"; }
`

// Folder holds all that one control plane, or another program, writes. When this process ends, no file and no process is
// left, even after a timeout of go test, Ctrl-C or kill -9. envtest alone would leave its processes running.
type Folder struct {
	dir      string
	watchdog *exec.Cmd
	alive    io.Closer
	logs     []*os.File
}

// NewFolder makes a folder among the temporary ones, whose name begins with prefix.
func NewFolder(prefix string) (*Folder, error) {
	dir, err := os.MkdirTemp("", prefix)
	if err != nil {
		return nil, fmt.Errorf("making a temporary folder: %w", err)
	}
	cmd := exec.Command("/bin/sh", "-c", watchdog, "controlplane-watchdog", dir)
	alive, err := cmd.StdinPipe()
	if err == nil {
		err = errors.Join(os.Mkdir(filepath.Join(dir, "bin"), 0o700), cmd.Start())
	}
	if err != nil {
		_ = os.RemoveAll(dir)
		return nil, fmt.Errorf("starting the watchdog of a temporary folder: %w", err)
	}
	return &Folder{dir: dir, watchdog: cmd, alive: alive}, nil
}

// Dir is its path.
func (f *Folder) Dir() string {
	return f.dir
}

// KillAtEnd sees to it that a process ends when the folder is removed, even when this process is killed.
func (f *Folder) KillAtEnd(process *os.Process) error {
	path := f.pidFile(fmt.Sprintf("process-%d", process.Pid))
	if err := os.WriteFile(path, fmt.Appendln(nil, process.Pid), 0o600); err != nil {
		return fmt.Errorf("noting the process to end with %s: %w", f.dir, err)
	}
	return nil
}

// process makes a folder for the data of a process, and a script that runs its binary and writes the process id to
// where the watchdog looks for it.
func (f *Folder) process(assets, name string) (script, data string, err error) {
	script, data = filepath.Join(f.dir, "bin", name), filepath.Join(f.dir, name)
	text := fmt.Sprintf("#!/bin/sh\necho $$ >%s && exec %s \"$@\"\n", quote(f.pidFile(name)), quote(filepath.Join(assets, name)))
	if err := errors.Join(os.WriteFile(script, []byte(text), 0o700), os.Mkdir(data, 0o700)); err != nil {
		return "", "", fmt.Errorf("preparing %s: %w", name, err)
	}
	return script, data, nil
}

func (f *Folder) pidFile(name string) string {
	return filepath.Join(f.dir, name+".pid")
}

func (f *Folder) log(name string) (*os.File, error) {
	file, err := os.Create(filepath.Join(f.dir, name+".log"))
	if err != nil {
		return nil, fmt.Errorf("making a log for %s: %w", name, err)
	}
	f.logs = append(f.logs, file)
	return file, nil
}

// lastLogs returns the last lines of the processes' logs.
func (f *Folder) lastLogs() string {
	var text strings.Builder
	for _, file := range f.logs {
		data, err := os.ReadFile(file.Name())
		if err != nil {
			continue
		}
		lines := strings.Split(strings.TrimSpace(string(data)), "\n")
		lines = lines[max(0, len(lines)-keptLines):]
		fmt.Fprintf(&text, "%s:\n%s\n", filepath.Base(file.Name()), strings.Join(lines, "\n"))
	}
	return text.String()
}

// signal sends a signal to one of the processes.
func (f *Folder) signal(name string, signal os.Signal) error {
	data, err := os.ReadFile(f.pidFile(name))
	if err != nil {
		return fmt.Errorf("finding the process of %s: %w", name, err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(data)))
	if err != nil {
		return fmt.Errorf("finding the process of %s: %w", name, err)
	}
	process, err := os.FindProcess(pid)
	if err == nil {
		err = process.Signal(signal)
	}
	if err != nil {
		return fmt.Errorf("sending %s to %s: %w", signal, name, err)
	}
	return nil
}

// Remove tells the watchdog to clean up, and waits for it. Later calls do nothing.
func (f *Folder) Remove() error {
	if f.alive == nil {
		return nil
	}
	for _, file := range f.logs {
		_ = file.Close()
	}
	_ = f.alive.Close()
	f.alive = nil
	if err := f.watchdog.Wait(); err != nil {
		return fmt.Errorf("removing %s: %w", f.dir, err)
	}
	return nil
}

func quote(path string) string {
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}
