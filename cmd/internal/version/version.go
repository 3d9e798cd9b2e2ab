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

// Package version tells which version this is. It comes from a git tag, by whichever way the source was had.
package version

import (
	_ "embed"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/module"
	"golang.org/x/mod/semver"
)

// Unknown is the version of what was built from neither a checkout, nor an archive, nor a module.
const Unknown = "v0.0.0-dev"

// override is set by the linker, where the source is only a part of a checkout, as in an image build:
//
//	-X github.com/journeyops/journey-operator/cmd/internal/version.override=v1.2.3
var override string

//go:embed archive.txt
var archive string

// String is that of a tag, such as v1.2.3, or for a later commit a pseudo-version of Go, such as
// v1.2.4-0.20261122101530-0123456789ab. It ends in +dirty if the checkout had changes.
func String() string {
	if override != "" {
		return override
	}
	if version := OfCommit(archive); version != "" {
		return version
	}
	// The go command knows the tag of a module that it fetched, and mostly of a checkout that it builds in.
	if info, ok := debug.ReadBuildInfo(); ok && semver.IsValid(info.Main.Version) {
		return info.Main.Version
	}
	return Unknown
}

// Revision is the commit that this was built from, or unknown.
func Revision() string {
	if commit := factsIn(archive)["commit"]; !strings.HasPrefix(commit, "$") {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, setting := range info.Settings {
			if setting.Key == "vcs.revision" {
				return setting.Value
			}
		}
	}
	return "unknown"
}

// Archive returns archive.txt: what git archive filled in, or else the placeholders that git log fills in as well.
func Archive() string { return archive }

// afterTag is what git describe says of a commit that comes after a tag.
var afterTag = regexp.MustCompile(`^(v.+)-\d+-g[0-9a-f]+$`)

// OfCommit is the version of the commit with which git has filled in archive.txt, or nothing if it has not. It is the one
// that the go command gives a checkout.
func OfCommit(text string) string {
	facts := factsIn(text)
	commit, describe := facts["commit"], facts["describe"]
	seconds, err := strconv.ParseInt(facts["time"], 10, 64)
	if err != nil || len(commit) < 12 {
		return ""
	}
	if afterTag.MatchString(describe) {
		describe = afterTag.FindStringSubmatch(describe)[1]
	} else if semver.Canonical(describe) == describe && describe != "" {
		return describe
	}
	return module.PseudoVersion("", describe, time.Unix(seconds, 0), commit[:12])
}

// factsIn reads archive.txt: a name and a fact a line.
func factsIn(text string) map[string]string {
	facts := map[string]string{}
	for line := range strings.Lines(text) {
		name, fact, _ := strings.Cut(strings.TrimSpace(line), " ")
		facts[name] = fact
	}
	return facts
}
