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

package portfolio_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	utilruntime "k8s.io/apimachinery/pkg/util/runtime"
	"pgregory.net/rapid"
	"sigs.k8s.io/controller-runtime/pkg/client"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
	"github.com/journeyops/journey-operator/controllers/portfolio/portfoliotest"
)

var update = flag.Bool("update", false, "write the golden files anew; read the difference before you commit it")

// TestGolden evaluates every portfolio in testdata: name.in.yaml says what is there, name.out.yaml what follows from it.
func TestGolden(t *testing.T) {
	validator, err := portfoliotest.NewValidator()
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range goldenFiles(t, ".in.yaml") {
		t.Run(strings.TrimSuffix(filepath.Base(in), ".in.yaml"), func(t *testing.T) {
			objects, today := readFile(t, in)
			for _, object := range portfoliotest.List(objects) {
				if err := validator.Validate(object); err != nil {
					t.Errorf("an API server would refuse %s: %v", object.GetName(), err)
				}
			}
			got := render(t, portfolio.Evaluate(objects, today))
			out := strings.TrimSuffix(in, ".in.yaml") + ".out.yaml"
			if *update {
				if err := os.WriteFile(out, got, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), string(got)); diff != "" {
				t.Errorf("(-want +got); if it is right, run this test with -update:\n%s", diff)
			}
		})
	}
}

func goldenFiles(t testing.TB, suffix string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*"+suffix))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files *%s: %v", suffix, err)
	}
	return files
}

func evaluateFile(t testing.TB, path string) *portfolio.Evaluation {
	t.Helper()
	return portfolio.Evaluate(readFile(t, path))
}

// readFile reads a portfolio and the day on which it is looked at, which the first line may tell.
func readFile(t testing.TB, path string) (portfolio.Objects, cxv1alpha1.Date) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	today := portfoliotest.Today
	if first, _, _ := strings.Cut(string(text), "\n"); strings.HasPrefix(first, "# today: ") {
		today = cxv1alpha1.Date(strings.TrimPrefix(first, "# today: "))
	}
	return decode(t, text), today
}

// decode reads a stream of objects, and takes no field that does not exist.
func decode(t testing.TB, text []byte) portfolio.Objects {
	t.Helper()
	scheme := runtime.NewScheme()
	utilruntime.Must(cxv1alpha1.AddToScheme(scheme))
	decoder := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	var all []client.Object
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		object, _, err := decoder.Decode(document, nil, nil)
		if err != nil {
			t.Fatalf("%v in:\n%s", err, document)
		}
		o, ok := object.(client.Object)
		if !ok {
			t.Fatalf("no object: %T", object)
		}
		o.SetGeneration(1)
		all = append(all, o)
	}
	return portfoliotest.FromList(all)
}

// render writes the statuses so that they can be read: kind by kind, one line a condition, without what says nothing here.
func render(t *testing.T, e *portfolio.Evaluation) []byte {
	t.Helper()
	var out bytes.Buffer
	out.WriteString("# What follows from the file beside it; written by the test.\n")
	renderKind(t, &out, "Journey", e.Journeys)
	renderKind(t, &out, "Moment", e.Moments)
	renderKind(t, &out, "Requirement", e.Requirements)
	renderKind(t, &out, "BuildingBlock", e.BuildingBlocks)
	renderKind(t, &out, "RoadmapItem", e.RoadmapItems)
	if e.Roadmap != nil {
		renderKind(t, &out, "Roadmap", map[string]*cxv1alpha1.RoadmapStatus{"default": e.Roadmap})
	}
	renderKind(t, &out, "Metric", e.Metrics)
	return out.Bytes()
}

func renderKind[S any](t *testing.T, out *bytes.Buffer, kind string, statuses map[string]*S) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(statuses)) {
		fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(statuses[name])
		if err != nil {
			t.Fatal(err)
		}
		delete(fields, "observedGeneration")
		fmt.Fprintf(out, "---\n%s %s:\n", kind, name)
		if conditions, ok := fields["conditions"].([]any); ok {
			for i, condition := range conditions {
				conditions[i] = renderCondition(t, condition)
			}
			renderFields(t, out, map[string]any{"conditions": conditions})
			delete(fields, "conditions")
		}
		renderFields(t, out, fields)
	}
}

// renderFields writes fields in the order of their names, one level in.
func renderFields(t *testing.T, out *bytes.Buffer, fields map[string]any) {
	t.Helper()
	if len(fields) == 0 {
		return
	}
	var text bytes.Buffer
	encoder := yaml.NewEncoder(&text) // this package does not fold long lines
	encoder.SetIndent(2)
	if err := encoder.Encode(fields); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(text.String()) {
		out.WriteString("  " + line)
	}
}

func renderCondition(t *testing.T, condition any) string {
	t.Helper()
	c, ok := condition.(map[string]any)
	if !ok {
		t.Fatalf("no condition: %v", condition)
	}
	return fmt.Sprintf("%s is %s, %s: %s", c["type"], c["status"], c["reason"], c["message"])
}

// TestEveryReasonHasAnExample looks for every reason that the API knows in the golden files.
func TestEveryReasonHasAnExample(t *testing.T) {
	var all strings.Builder
	for _, path := range goldenFiles(t, ".out.yaml") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	// A reason is in the line of a condition, or the reason of what blocks a moment.
	found := map[string]bool{}
	for _, match := range regexp.MustCompile(`(?: is (?:True|False|Unknown), |reason: )(\w+)`).FindAllStringSubmatch(all.String(), -1) {
		found[match[1]] = true
	}
	for _, reason := range reasonsOfTheAPI(t) {
		if !found[reason] {
			t.Errorf("no golden file has the reason %s", reason)
		}
	}
}

// reasonsOfTheAPI reads the values of the constants Reason... from the source of the API.
func reasonsOfTheAPI(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join("..", "..", "api", "v1alpha1", "conditions.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	ast.Inspect(file, func(node ast.Node) bool {
		spec, ok := node.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(spec.Names[0].Name, "Reason") {
			return true
		}
		literal, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			t.Fatalf("%s is no literal", spec.Names[0].Name)
		}
		reason, err := strconv.Unquote(literal.Value)
		if err != nil {
			t.Fatal(err)
		}
		reasons = append(reasons, reason)
		return true
	})
	if len(reasons) < 60 {
		t.Fatalf("found only the reasons %v", reasons)
	}
	return reasons
}

// contract lists every condition with its reasons for True / False / Unknown.
const contract = `
Journey Ready: Accepted / -
Journey StrategyDefined: Defined / PersonasMissing, BrandMissing, ChannelsMissing
Journey Elaborated: Elaborated / PhasesMissing, PhaseWithoutMoments, MomentsNotElaborated
Journey Grouped: AllGrouped / RequirementsUnassigned / NoRequirements, NoMoments
Journey Planned: FullyPlanned / WorkNotPlanned / NoRequirements, NoMoments
Journey Realized: AllDelivered / WorkOutstanding / NoRequirements, NoMoments
Journey Blocked: MomentsBlocked / NoMomentBlocked / NoMoments
Journey AtRisk: MomentsAtRisk / OnTrack
Journey Measured: AllMeasured / MomentsNotMeasured / NoMoments
Journey Fresh: ReviewedInTime / ReviewOverdue, NeverReviewed
Moment Ready: Accepted / JourneyNotFound, PhaseNotFound, ChannelNotFound, BrandValueNotFound
Moment Elaborated: Elaborated / PromiseMissing, InsightMissing, ChannelMissing, RequirementsMissing
Moment Grouped: AllGrouped / RequirementsUnassigned / NoRequirements
Moment Planned: FullyPlanned / WorkNotPlanned / NoRequirements
Moment Blocked: RequirementsUnassigned, DependencyCycle, WorkNotPlanned, WorkNotCommitted, AwaitingDelivery / MustsDelivered, NoMusts / NoRequirements
Moment Realized: AllDelivered / WorkOutstanding / NoRequirements
Moment AtRisk: NoForecast, ForecastLate / OnTrack, Delivered
Moment Measured: Measured / MetricMissing, MetricStale
Requirement Ready: Accepted / MomentNotFound, BuildingBlockNotFound, StageNotFound
Requirement Delivered: Delivered / Dropped, Unassigned, Unplanned, Proposed, Planned, InProgress
BuildingBlock Ready: Accepted / BuildingBlockNotFound, StageNotFound, DependencyCycle
BuildingBlock Planned: FullyPlanned, NothingToPlan / StagesUnplanned
BuildingBlock Delivered: AllStages / PartlyDelivered, NotStarted
BuildingBlock Stalled: DependencyCycle / -
BuildingBlock Proven: AllProven / Regressed, NotProven / NoProofYet
RoadmapItem Ready: Accepted / BuildingBlockNotFound, StageNotFound, DependencyNotFound, TeamNotFound, DependencyCycle
RoadmapItem Delivered: Done / Cancelled, Proposed, Planned, InProgress, NotProven
RoadmapItem Blocked: DependencyCycle, BuildingBlockNotFound, StageNotFound, DependencyNotFound, DependencyCancelled, WaitingForUnplannedWork, WaitingForItems / DependenciesMet, Finished
RoadmapItem OnTrack: OnTrack, DeliveredOnTime / DeliveredLate, Overdue, NoForecast, ForecastLate
RoadmapItem Stalled: DependencyCycle / -
RoadmapItem Proven: Proven / Regressed, NotProven / NoProofYet
RoadmapItem HypothesisConfirmed: Confirmed / Refuted / MetricNotFound, NotFinished, Settling, Measuring, NoBaseline, TooFewSamples, Confounded, PartialEffect
RoadmapItem StateAgrees: Agrees / TrackerAhead, TrackerBehind, TrackerCancelled / Stale
Roadmap Ready: Accepted / ExpressionInvalid
Metric Ready: Accepted / MomentNotFound, JourneyNotFound
Metric Fresh: Measured / NeverMeasured, SourceFailing, SamplesTooOld
Metric OnTarget: TargetMet / TargetMissed, BelowTarget / NoSamples
`

// TestContract looks for every reason of every condition in the golden files, and nothing in them, or in what follows from random
// portfolios, may be beside the contract.
func TestContract(t *testing.T) {
	agreed := map[string]bool{}
	for line := range strings.Lines(strings.TrimSpace(contract)) {
		condition, reasons, _ := strings.Cut(strings.TrimSpace(line), ": ")
		for i, side := range strings.Split(reasons, " / ") {
			for reason := range strings.SplitSeq(side, ", ") {
				status := []metav1.ConditionStatus{metav1.ConditionTrue, metav1.ConditionFalse, metav1.ConditionUnknown}[i]
				agreed[fmt.Sprintf("%s is %s: %s", condition, status, reason)] = reason != "-"
			}
		}
	}
	seen := map[string]bool{}
	for _, in := range goldenFiles(t, ".in.yaml") {
		maps.Copy(seen, resultsOf(evaluateFile(t, in)))
	}
	for result, some := range agreed {
		if some && !seen[result] {
			t.Errorf("no golden file has %s", result)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		maps.Copy(seen, resultsOf(portfolio.Evaluate(portfoliotest.Objects(t), portfoliotest.Today)))
	})
	for result := range seen {
		if !agreed[result] {
			t.Errorf("beside the contract: %s", result)
		}
	}
}

func resultsOf(e *portfolio.Evaluation) map[string]bool {
	results := map[string]bool{}
	add := func(kind string, conditions []metav1.Condition) {
		for _, c := range conditions {
			results[fmt.Sprintf("%s %s is %s: %s", kind, c.Type, c.Status, c.Reason)] = true
		}
	}
	for _, s := range e.Journeys {
		add("Journey", s.Conditions)
	}
	for _, s := range e.Moments {
		add("Moment", s.Conditions)
	}
	for _, s := range e.Requirements {
		add("Requirement", s.Conditions)
	}
	for _, s := range e.BuildingBlocks {
		add("BuildingBlock", s.Conditions)
	}
	for _, s := range e.RoadmapItems {
		add("RoadmapItem", s.Conditions)
	}
	if e.Roadmap != nil {
		add("Roadmap", e.Roadmap.Conditions)
	}
	for _, s := range e.Metrics {
		add("Metric", s.Conditions)
	}
	return results
}
