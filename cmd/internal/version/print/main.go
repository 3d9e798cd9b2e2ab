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

// Command print prints the version of the checkout or archive that it is run in, for make. It asks git, since the go
// command knows no version of a worktree, nor where its flags say -buildvcs=false.
package main

import (
	"fmt"
	"os/exec"
	"regexp"

	"github.com/journeyops/journey-operator/cmd/internal/version"
)

func main() {
	fmt.Println(current())
}

func current() string {
	if found := version.OfCommit(version.Archive()); found != "" {
		return found
	}
	format := regexp.MustCompile(`\$Format:(.*)\$`).ReplaceAllString(version.Archive(), "$1")
	commit, err := exec.Command("git", "log", "-1", "--format="+format).Output() //nolint:gosec,noctx // It is our own, and short.
	if err != nil {
		return version.String()
	}
	found := version.OfCommit(string(commit))
	if changes, err := exec.Command("git", "status", "--porcelain").Output(); err != nil || len(changes) > 0 { //nolint:noctx // It is short.
		found += "+dirty"
	}
	return found
}
