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

package plan

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/journeyops/journey-operator/cmd/internal/version"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/diff"
)

// The parts of SARIF 2.1.0 that a plan uses, named as there.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name           string      `json:"name"`
		Version        string      `json:"version"`
		InformationURI string      `json:"informationUri"`
		Rules          []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string             `json:"id"`
		ShortDescription     sarifMessage       `json:"shortDescription"`
		FullDescription      sarifMessage       `json:"fullDescription"`
		Help                 sarifMessage       `json:"help"`
		DefaultConfiguration sarifConfiguration `json:"defaultConfiguration"`
	}
	sarifConfiguration struct {
		Level string `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID              string            `json:"ruleId"`
		RuleIndex           int               `json:"ruleIndex"`
		Level               string            `json:"level"`
		Message             sarifMessage      `json:"message"`
		Locations           []sarifLocation   `json:"locations,omitempty"`
		PartialFingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		PhysicalLocation sarifPhysical  `json:"physicalLocation"`
		LogicalLocations []sarifLogical `json:"logicalLocations"`
	}
	sarifPhysical struct {
		ArtifactLocation sarifArtifact `json:"artifactLocation"`
		Region           sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine int `json:"startLine"`
	}
	sarifLogical struct {
		Name               string `json:"name"`
		FullyQualifiedName string `json:"fullyQualifiedName"`
		Kind               string `json:"kind"`
	}
)

// maxSARIF is how many results GitHub shows. It refuses five times as many.
const maxSARIF = 5000

const projectURI = "https://github.com/journeyops/journey-operator"

// sarifOf returns the findings for code review tools, and notes about those that are left out. A finding about no file is left out,
// since GitHub refuses a log that has one.
func sarifOf(ctx context.Context, p *diff.Plan, states *comparedStates) (log *sarifLog, notes []string) {
	driver := sarifDriver{Name: "kubectl-journey", Version: version.String(), InformationURI: projectURI}
	for _, rule := range diff.Rules {
		driver.Rules = append(driver.Rules, sarifRule{
			ID: string(rule.ID), ShortDescription: sarifMessage{rule.Short}, FullDescription: sarifMessage{rule.Full}, Help: sarifMessage{rule.Help},
			DefaultConfiguration: sarifConfiguration{string(rule.Level)},
		})
	}
	run := sarifRun{Tool: sarifTool{driver}, ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}
	withoutFile := 0
	for n := range p.Portfolios {
		places := states.placesOf(&p.Portfolios[n])
		for _, f := range p.Portfolios[n].Findings {
			place := places(f.Kind, f.Name)
			if place.File == "" {
				withoutFile++
				continue
			}
			place.File = states.reviewed(ctx, place.File)
			run.Results = append(run.Results, sarifResultOf(p.Portfolios[n].Namespace, f, place))
		}
	}
	if withoutFile > 0 {
		notes = append(notes, fmt.Sprintf("left out of the log, since GitHub refuses one that has any: %s about no file; -o json has all", terminal.Count(withoutFile, "finding")))
	}
	if all := len(run.Results); all > maxSARIF {
		notes = append(notes, fmt.Sprintf("the %d most severe of %d findings are in the log: -o json has all", maxSARIF, all))
	}
	// The most severe of all namespaces first, so that they are among those that are kept.
	slices.SortStableFunc(run.Results, func(a, b sarifResult) int { return cmp.Compare(a.RuleIndex, b.RuleIndex) })
	run.Results = run.Results[:min(len(run.Results), maxSARIF)]
	return &sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}, notes
}

func sarifResultOf(namespace string, f diff.Finding, place source.Place) sarifResult {
	id := fingerprint(namespace, f)
	return sarifResult{
		RuleID: string(f.Rule), RuleIndex: slices.IndexFunc(diff.Rules, func(r diff.Rule) bool { return r.ID == f.Rule }),
		Level: string(f.Level), Message: sarifMessage{sarifText(f.Text)},
		Locations: []sarifLocation{sarifLocationOf(namespace, f, place)},
		// GitHub uses the second. Without it, GitHub would take several findings at one line for one.
		PartialFingerprints: map[string]string{"journeyPlan/v1": id, "primaryLocationLineHash": id + ":1"},
	}
}

// sarifText escapes what means something in SARIF: braces are placeholders, brackets are links.
func sarifText(text string) string {
	return strings.NewReplacer("{", "{{", "}", "}}", `\`, `\\`, "[", `\[`, "]", `\]`).Replace(terminal.Line(text))
}

func sarifLocationOf(namespace string, f diff.Finding, place source.Place) sarifLocation {
	name := terminal.Line(f.Name)
	return sarifLocation{
		PhysicalLocation: sarifPhysical{ArtifactLocation: sarifArtifact{fileURI(place.File)}, Region: sarifRegion{max(1, place.Line)}},
		LogicalLocations: []sarifLogical{{
			Name: name, FullyQualifiedName: terminal.Line(namespace) + "/" + f.Kind + "/" + name, Kind: "resource",
		}},
	}
}

// fileURI is the URI of a file: a relative one for a relative path.
func fileURI(path string) string {
	uri := url.URL{Path: filepath.ToSlash(path)}
	if filepath.IsAbs(path) {
		uri.Scheme = "file"
		if !strings.HasPrefix(uri.Path, "/") {
			uri.Path = "/" + uri.Path
		}
	}
	return uri.String()
}

// fingerprint identifies a finding. It stays the same when lines move or texts change.
func fingerprint(namespace string, f diff.Finding) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{string(f.Rule), namespace, f.Kind, f.Name, f.Reason, f.Subject}, "\x00")))
	return hex.EncodeToString(sum[:16])
}
