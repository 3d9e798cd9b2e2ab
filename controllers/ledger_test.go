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

package controllers

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// The requirements of these tests have a status that says only of which generation it is.

// requirement is one as an informer has it, at a generation and a resource version, without a status.
func requirement(name string, generation, version int64) *cxv1alpha1.Requirement {
	return &cxv1alpha1.Requirement{ObjectMeta: metav1.ObjectMeta{
		Namespace: "ns", Name: name, UID: types.UID("uid-" + name), Generation: generation, ResourceVersion: fmt.Sprint(version),
	}}
}

// withStatus gives a requirement the status of a generation.
func withStatus(r *cxv1alpha1.Requirement, generation int64) *cxv1alpha1.Requirement {
	r.Status = cxv1alpha1.RequirementStatus{ObservedGeneration: generation, DeliveredBy: "somebody"}
	return r
}

// withSpec gives a requirement another spec.
func withSpec(r *cxv1alpha1.Requirement, moment cxv1alpha1.ObjectName) *cxv1alpha1.Requirement {
	r.Spec.MomentRefs = []cxv1alpha1.ObjectReference{{Name: moment}}
	return r
}

// evaluateStub gives each requirement the status of its generation.
func evaluateStub(objects portfolio.Objects) *portfolio.Statuses {
	statuses := &portfolio.Statuses{Requirements: map[string]*cxv1alpha1.RequirementStatus{}}
	for _, r := range objects.Requirements {
		statuses.Requirements[r.Name] = &withStatus(requirement(r.Name, 0, 0), r.Generation).Status
	}
	return statuses
}

// book is a ledger with what tests do to it.
type book struct {
	*ledger
	t *testing.T
}

func newBook(t *testing.T, objects ...cxv1alpha1.Object) book {
	b := book{newLedger(), t}
	for _, object := range objects {
		b.observe(object)
	}
	return b
}

// evaluate evaluates the portfolio, and returns the names of the objects that the writers are told of.
func (b book) evaluate() []string { return b.publishOf(b.snapshot("ns")) }

func (b book) publishOf(s *snapshot) []string {
	var names []string
	for _, r := range b.publish(s, evaluateStub(s.objects)) {
		names = append(names, r.Name)
	}
	slices.Sort(names)
	return names
}

// begin is a writer that begins to write to a requirement, which must have something to be written.
func (b book) begin(name string) write {
	b.t.Helper()
	w, ok := b.next(refOf(requirement(name, 0, 0)))
	if !ok {
		b.t.Fatal("nothing to write to", name)
	}
	return w
}

// written is what the API server answers to a write that it takes.
func written(w write, version int64) *cxv1alpha1.Requirement {
	object := requirement(w.entry.Name, 1, version)
	object.Status = *w.desired.(*cxv1alpha1.RequirementStatus)
	return object
}

// write has the API server take what is to be written to a requirement.
func (b book) write(name string, version int64) {
	b.t.Helper()
	w := b.begin(name)
	b.want(taken, b.written(w, written(w, version)))
}

func (b book) want(want, got any) {
	b.t.Helper()
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(change{})); diff != "" {
		b.t.Errorf("(-want +got):\n%s", diff)
	}
}

func (b book) wantNothingToWrite(name string) {
	b.t.Helper()
	if w, ok := b.next(refOf(requirement(name, 0, 0))); ok {
		b.t.Errorf("there is something to write to %s: %+v", name, w.desired)
	}
}

func TestOnlyWhatDiffersIsHandedOut(t *testing.T) {
	// Given an object without a status and one whose status is right,
	b := newBook(t, requirement("new", 1, 1), withStatus(requirement("old", 1, 2), 1))
	// when they are evaluated, only the first is written, however often they are.
	b.want([]string{"new"}, b.evaluate())
	b.want([]string(nil), b.evaluate())
	b.write("new", 3)
	// Neither the echo of the write nor a list of the same changes anything.
	b.want(change{}, b.observe(withStatus(requirement("new", 1, 3), 1)))
	b.want(change{}, b.observe(withStatus(requirement("new", 1, 3), 1)))
	b.want([]string(nil), b.evaluate())
}

func TestForeignStatusIsHealed(t *testing.T) {
	// Given an evaluated object, when somebody else writes its status, then it is written without another evaluation.
	b := newBook(t, withStatus(requirement("a", 1, 1), 1))
	b.want([]string(nil), b.evaluate())
	b.want(change{write: true}, b.observe(withStatus(requirement("a", 1, 2), 7)))
	b.write("a", 3)
	b.wantNothingToWrite("a")
}

func TestEditedObjectWaitsForItsEvaluation(t *testing.T) {
	// Given an object whose status must be written, when it is edited before that, then nothing is written to it.
	b := newBook(t, requirement("a", 1, 1))
	b.want([]string{"a"}, b.evaluate())
	b.want(change{changed: 1}, b.observe(requirement("a", 2, 2)))
	b.wantNothingToWrite("a")
	b.want([]string{"a"}, b.evaluate())
	b.want(int64(2), b.begin("a").desired.(*cxv1alpha1.RequirementStatus).ObservedGeneration)
}

func TestEvaluationSpeaksOfWhatItSaw(t *testing.T) {
	// Given an evaluation that is under way,
	b := newBook(t, requirement("same", 1, 1), requirement("edited", 1, 2), requirement("recreated", 1, 3), requirement("deleted", 1, 4))
	s := b.snapshot("ns")
	// when objects change in the meantime,
	b.observe(requirement("edited", 2, 5))
	b.forget(requirement("recreated", 1, 3))
	again := requirement("recreated", 1, 6)
	again.UID = "another"
	b.observe(again)
	b.forget(requirement("deleted", 1, 4))
	b.observe(requirement("added", 1, 7))
	// then its result is for the others only, and the next one for the rest.
	b.want([]string{"same"}, b.publishOf(s))
	b.want([]string{"added", "edited", "recreated"}, b.evaluate())
}

func TestSameGenerationWithAnotherSpec(t *testing.T) {
	// Given an evaluated object, when etcd is restored and its generation comes again with another spec,
	b := newBook(t, withStatus(requirement("a", 2, 9), 2))
	b.want([]string(nil), b.evaluate())
	s := b.snapshot("ns")
	// then it is evaluated again, also if it has a later version.
	b.want(change{changed: 1}, b.observe(withSpec(withStatus(requirement("a", 2, 9), 2), "other")))
	b.want(change{changed: 1}, b.observe(withSpec(withStatus(requirement("a", 2, 12), 2), "third")))
	b.want([]string(nil), b.publishOf(s))
	b.wantNothingToWrite("a")
}

func TestLaggingInformerCausesNoSecondWrite(t *testing.T) {
	// Given a write that the informer has not seen yet,
	b := newBook(t, requirement("a", 1, 1))
	b.evaluate()
	b.write("a", 10)
	// when the informer tells of an edit that was made before it, with the status of that time,
	b.want(change{changed: 1}, b.observe(requirement("a", 2, 5)))
	// then the edit is evaluated, and only that is written.
	b.want([]string{"a"}, b.evaluate())
	b.write("a", 12)
	b.want(change{}, b.observe(withStatus(requirement("a", 2, 10), 1)))
	b.want(change{}, b.observe(withStatus(requirement("a", 2, 12), 2)))
	b.wantNothingToWrite("a")
}

func TestVersionThatGoesBack(t *testing.T) {
	// Given a write that the informer has not seen yet, or has,
	for _, seen := range []bool{false, true} {
		b := newBook(t, withStatus(requirement("a", 1, 5), 7))
		b.evaluate()
		b.write("a", 10)
		if seen {
			b.observe(withStatus(requirement("a", 1, 10), 1))
		}
		// when etcd is restored and the informer tells of an earlier version, then that is believed.
		b.want(change{write: true}, b.observe(requirement("a", 1, 3)))
		b.write("a", 4)
		b.observe(withStatus(requirement("a", 1, 4), 1))
		b.wantNothingToWrite("a")
	}
}

func TestAnotherHistoryWithLaterVersions(t *testing.T) {
	// Given a write that the informer has not seen yet,
	b := newBook(t, requirement("a", 1, 5))
	b.evaluate()
	b.write("a", 10)
	// when etcd is restored, and the object lies between what the informer has seen and the write that never was,
	b.listed(part{kind: cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)})
	b.want(change{write: true}, b.observe(requirement("a", 1, 7)))
	b.write("a", 8)
	b.wantNothingToWrite("a")
}

func TestAnswerOlderThanTheInformer(t *testing.T) {
	// Given an etcd that was restored, of which the informer does not know yet,
	b := newBook(t, withStatus(requirement("a", 1, 10), 7))
	b.evaluate()
	// when a write is answered with an earlier version, then it is not repeated at once, until the informer tells.
	w := b.begin("a")
	b.want(doubtful, b.written(w, written(w, 4)))
	b.want([]string(nil), b.evaluate())
	b.want(change{}, b.observe(withStatus(requirement("a", 1, 4), 1)))
	b.wantNothingToWrite("a")
}

func TestAnswerFromBeforeAList(t *testing.T) {
	// Given a write that is under way, when the informer lists anew before its answer is taken in, then the list decides.
	b := newBook(t, requirement("a", 1, 1))
	b.evaluate()
	w := b.begin("a")
	b.listed(part{kind: cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)})
	b.want(doubtful, b.written(w, written(w, 9)))
	b.want(change{}, b.observe(requirement("a", 1, 2)))
	b.write("a", 3)
}

func TestRefusedStatus(t *testing.T) {
	// dropped is what an API server makes of a status whose CRD lacks a field.
	dropped := func(version int64) *cxv1alpha1.Requirement {
		r := withStatus(requirement("a", 1, version), 1)
		r.Status.DeliveredBy = ""
		return r
	}
	// Given a status that the API server did not take as it was,
	b := newBook(t, requirement("a", 1, 1))
	b.evaluate()
	b.want(refused, b.written(b.begin("a"), dropped(2)))
	// when its echo comes, or the same is desired again, then it is not handed out again.
	b.want(change{}, b.observe(dropped(2)))
	b.want([]string(nil), b.evaluate())
	// When something else is desired, it is.
	b.observe(requirement("a", 2, 3))
	b.want([]string{"a"}, b.evaluate())
	b.want(refused, b.written(b.begin("a"), dropped(4)))
	// When the CRD changes, the informer lists anew, and it is, too.
	b.listed(part{kind: cxv1alpha1.KindNamed(cxv1alpha1.RequirementKind)})
	b.want(change{write: true}, b.observe(withGeneration(dropped(4), 2)))
	b.write("a", 5)
	b.wantNothingToWrite("a")
}

func withGeneration(r *cxv1alpha1.Requirement, generation int64) *cxv1alpha1.Requirement {
	r.Generation = generation
	return r
}

func TestSomethingElseIsDesiredDuringAWrite(t *testing.T) {
	// Given a write that is under way,
	b := newBook(t, withStatus(requirement("a", 1, 1), 1))
	b.publish(b.snapshot("ns"), &portfolio.Statuses{Requirements: map[string]*cxv1alpha1.RequirementStatus{"a": {ObservedGeneration: 9}}})
	w := b.begin("a")
	// when the status from before is desired again, then nothing differs until the write is answered, and then that.
	b.want([]string(nil), b.evaluate())
	b.wantNothingToWrite("a")
	b.want(taken, b.written(w, written(w, 2)))
	b.write("a", 3)
	b.wantNothingToWrite("a")
}

func TestRecreatedObjectIsAnother(t *testing.T) {
	// Given a write that is under way,
	b := newBook(t, requirement("a", 1, 1))
	b.evaluate()
	w := b.begin("a")
	// when the object is recreated, and the informer has missed the deletion,
	again := requirement("a", 1, 5)
	again.UID = "another"
	b.want(change{changed: 2}, b.observe(again))
	// then the answer says nothing of the new one.
	b.want(taken, b.written(w, written(w, 4)))
	b.want([]string{"a"}, b.evaluate())
	b.want(types.UID("another"), b.begin("a").uid)
}

func TestDeletedIsForgotten(t *testing.T) {
	b := newBook(t, requirement("a", 1, 1), requirement("b", 1, 2))
	b.evaluate()
	b.want(change{changed: 1}, b.forget(requirement("a", 1, 1)))
	b.want(change{}, b.forget(requirement("a", 1, 1)))
	b.wantNothingToWrite("a")
	b.forget(requirement("b", 1, 2))
	b.want(0, len(b.accounts))
	if s := b.snapshot("ns"); s != nil {
		t.Errorf("a snapshot of nothing: %+v", s)
	}
}

func TestSuspectNamespaces(t *testing.T) {
	// A namespace is suspect when it is new, and when an object was deleted.
	b := newBook(t, requirement("a", 1, 1), requirement("b", 1, 2))
	b.want(true, b.snapshot("ns").suspect)
	b.evaluate()
	b.want(false, b.snapshot("ns").suspect)
	s := b.snapshot("ns")
	b.forget(requirement("a", 1, 1))
	b.publishOf(s)
	b.want(true, b.snapshot("ns").suspect)
	// When it is abandoned, nothing is written there, and it stays suspect.
	b.abandon("ns")
	b.wantNothingToWrite("b")
	b.want(true, b.snapshot("ns").suspect)
	b.want([]string{"b"}, b.evaluate())
}

func TestCompareVersions(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{{"9", "10", -1}, {"10", "10", 0}, {"11", "10", 1}, {"odd", "10", 1}, {"10", "", 1}} {
		if got := compareVersions(test.a, test.b); got != test.want {
			t.Errorf("compareVersions(%q, %q) = %d, want %d", test.a, test.b, got, test.want)
		}
	}
}
