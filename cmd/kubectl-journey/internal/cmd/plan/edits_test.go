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
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
)

// in replaces text in a file, the first time that it stands after the name of an object.
func in(file, name, from, to string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		rewrite(t, file, func(content string) string { return edit{file, name, from, to}.apply(t, content) })
	}
}

// without takes an object out of a file.
func without(file, name string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		rewrite(t, file, func(content string) string {
			documents := strings.Split(content, "\n---\n")
			for i, d := range documents {
				if strings.Contains(d, "\n  name: "+name+"\nspec:") {
					return strings.Join(append(documents[:i:i], documents[i+1:]...), "\n---\n")
				}
			}
			t.Fatalf("%s lacks %s", file, name)
			return ""
		})
	}
}

func appended(file, text string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		rewrite(t, file, func(content string) string { return content + text })
	}
}

func rewrite(t *testing.T, file string, edit func(string) string) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(edit(string(content))), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPlanOfEdits plans what people change in a pull request, and looks for what each of them needs to read.
func TestPlanOfEdits(t *testing.T) {
	const nothingForAnybody = noEffects + "\n\nNothing gets worse.\n"
	for _, test := range []struct {
		name string
		edit func(*testing.T)
		want []string
	}{
		{"rename a moment that requirements name", func(t *testing.T) {
			rewrite(t, "moments/repair.yaml", func(content string) string {
				return strings.Replace(content, "name: get-car-back\n", "name: collect-my-car\n", 1)
			})
		}, []string{
			"  added    moment/collect-my-car\n  removed  moment/get-car-back\n",
			"\n- collect-my-car \"Mijn auto terug\": late, new\n    nothing asked, needed by 2027-04-01\n",
			"\n- receive-payout \"Het geld op mijn rekening\": even later\n    2027-09-10 -> 2027-09-22 (12 days later), needed by 2027-09-01\n",
			"\nNew gaps: 24 dangling, 1 missing, 1 not measured\n  MomentNotFound metric/days-until-car-is-back: There is no Moment get-car-back.\n  MomentNotFound 23 requirements: There is no Moment get-car-back.\n      amount-at-the-counter-known-before, before-and-after,",
			"and 15 more\n  RequirementsMissing moment/collect-my-car: The moment lacks requirements.\n",
			"Worse: late (2 moments, 4 items), gaps (1), dangling (24).\n",
		}},
		{"delete a building block", without("building-blocks.yaml", "claim-data"), []string{
			"\n- get-confirmation \"Bevestiging: het is gemeld en dit gaat er gebeuren\": becomes blocked, late, no\n  longer realized\n    not blocked -> no date",
			": no longer realized\n    not blocked, needed by 2026-11-30\n    Every Must is delivered. 1 of ",
			" still to be delivered.\n", "BuildingBlockNotFound 7 buildingblocks: There is no BuildingBlock claim-data.\n",
		}},
		{"name a stage that is not there", in("requirements/get-car-back.yaml", "ready-is-told-the-same-afternoon", "stage: daily-milestones", "stage: live"), []string{
			"1 late, 1 without a date", "StageNotFound requirement/ready-is-told-the-same-afternoon: BuildingBlock repair-progress has no\n  stage live.\n",
			"\nCustomer value: -115 planned, +115 unplanned\nplanned       2153 -> 2038\nunplanned     473 -> 588\n",
		}},
		{"cancel work", in("roadmap-items/in-progress.yaml", "hourly-claim-feed", "state: InProgress", "state: Cancelled"), []string{
			"Waits for work that nobody has planned: item hourly-claim-feed (cancelled).\n", "1 cancelled", "DependencyCancelled",
		}},
		{"put work on hold", in("roadmap-items/in-progress.yaml", "hourly-claim-feed", "state: InProgress", "state: Proposed"), []string{
			"\nMoments: 5 only proposed\n- follow-my-claim \"Mijn schade volgen\": only proposed\n    2027-04-06, needed by 2027-03-01\n",
			"Waits for work that is only proposed: hourly-claim-feed.",
		}},
		{"agree on work", in("roadmap-items/proposed.yaml", "recover-through-the-exchange", "state: Proposed", "state: Planned"), []string{
			"\n+ get-deductible-back \"Mijn eigen risico terug\": committed",
		}},
		{"finish work", in("roadmap-items/in-progress.yaml", "hourly-claim-feed", "state: InProgress", "state: Done\n  finishDate: \"2026-11-20\""), []string{
			"\n+ hourly-claim-feed  done  11 -> -  8 -> -  2026-12-08 -> 2026-11-20\n", "delivered     487 -> 496\n", "\nNothing gets worse.\n",
		}},
		{"give work more effort", in("roadmap-items/in-progress.yaml", "hourly-claim-feed", "state:", "effortDays: 120\n  state:"), []string{
			"off target, later, down 2", "\n- data-and-integration: missing targets, busy longer; busy until 2027-09-10 -> 2027-10-01; misses\n  the target of daily-repair-milestones, hourly-claim-feed\n",
		}},
		{"take lanes", func(t *testing.T) {
			rewrite(t, "roadmap.yaml", func(content string) string {
				return strings.Replace(content, "side: IT\n      lanes: 3\n      velocityPercent: 95", "side: IT\n      lanes: 1\n      velocityPercent: 95", 1)
			})
		}, []string{
			"\nTeams: 1 over its lanes, 4 missing targets, 4 busy longer\n",
			"\n- data-and-integration: over its lanes, missing targets, busy longer; in progress 3 (3 lanes -> 1\n  lane); busy until 2027-09-10 -> 2028-07-19;",
		}},
		{"want a moment sooner", in("moments/repair.yaml", "get-car-back", `neededBy: "2027-04-01"`, `neededBy: "2026-12-01"`), []string{
			"\n- get-car-back \"Mijn auto terug\": late\n    2027-01-22, needed by 2027-04-01 -> 2026-12-01\n", "\nWorse: late (1).\n",
		}},
		{"take days off", func(t *testing.T) {
			rewrite(t, "roadmap.yaml", func(content string) string {
				return strings.Replace(content, "    holidays:\n", "    holidays:\n      - \"2026-12-28\"\n      - \"2026-12-29\"\n", 1)
			})
		}, []string{"Moments: ", " later\n", "there by the end of 2026-12 36% -> "}},
		{"write an expression that does not compile", appended("roadmap.yaml", "  valueExpression: \"customerValue *\"\n"), []string{
			"\nNew gaps: 1 policy\n  ExpressionInvalid roadmap/default: valueExpression does not compile, so the default holds:\n", "\nWorse: policy (1).\n",
		}},
		{"write an expression that fails", appended("roadmap.yaml", "  valueExpression: \"scores.reach * 2.0\"\n"), []string{
			"ExpressionInvalid roadmap/default: valueExpression of RoadmapItem accessible-form-components,", "policy (1)",
		}},
		{"write an expression that works", appended("roadmap.yaml", "  valueExpression: \"customerValue * 2.0\"\n"), []string{"Moments: ", "Bundles: 38 -> "}},
		{"rename a phase", func(t *testing.T) {
			rewrite(t, "journeys.yaml", func(content string) string {
				return strings.Replace(content, "- name: repair\n", "- name: mending\n", 1)
			})
		}, []string{"New gaps: 5 dangling, 1 missing\n  PhaseNotFound 5 moments: Journey motor-claim has no phase repair.\n"}},
		{"ask for work that comes too late", appended("roadmap-items/planned.yaml", `---
apiVersion: cx.journeyops.dev/v1alpha1
kind: RoadmapItem
metadata:
  name: hourly-claim-feed-at-night
spec:
  title: Claim data every hour, also at night
  delivers:
    - name: claim-data
      stage: hourly-feed
  dependsOn:
    - name: hourly-claim-feed
  state: Planned
  team: data-and-integration
  targetDate: "2026-12-11"
`), []string{"Roadmap items: 1 off target, 1 new\n", "\n- hourly-claim-feed-at-night  off target, new  - -> ", "\nWorse: late (1), overcapacity (1).\n"}},
		{"wait for what nobody plans", in("roadmap-items/planned.yaml", "real-time-policy-api", "state:", "dependsOn:\n    - name: nothing\n  state:"), []string{
			"unschedulable", "DependencyNotFound roadmapitem/real-time-policy-api: ", "dangling (1)",
		}},
		{"change a title", in("moments/repair.yaml", "choose-repair-shop", "title: Een reparateur kiezen", "title: Een garage kiezen"), []string{
			"1 object changed.\n  changed  moment/choose-repair-shop\n" + nothingForAnybody,
		}},
		{"move and comment", func(t *testing.T) {
			if err := os.Rename("moments/repair.yaml", "roadmap-items/moments-too.yaml"); err != nil {
				t.Fatal(err)
			}
			rewrite(t, "roadmap.yaml", func(content string) string { return "# Another word.\n" + content })
		}, []string{"Nothing changes: old and new hold the same 707 objects.\n"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"old", "new"} {
				if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(motorClaim)); err != nil {
					t.Fatal(err)
				}
			}
			t.Chdir(filepath.Join(dir, "new"))
			test.edit(t)
			t.Chdir(dir)
			got := runOffline(t, "", "plan", "-f", "new", "--against", "old")
			if got.Code != cmdutil.ExitOK || got.ErrOut != "" {
				t.Fatalf("exit code %d: %s", got.Code, got.ErrOut)
			}
			for _, want := range test.want {
				if !strings.Contains(got.Out, want) {
					t.Errorf("the plan lacks %q:\n%s", want, got.Out)
				}
			}
		})
	}
}
