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
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"text/tabwriter"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// report prints what people want to see in a roadmap session. It reads the statuses in the cluster.
func (d *demo) report(ctx context.Context, stdout io.Writer) error {
	snapshot, err := d.read(ctx)
	if err != nil {
		return err
	}
	printJourneys(stdout, snapshot.objects.Journeys)
	printBlocked(stdout, snapshot.objects.Moments)
	d.firstItem = printNextWork(stdout, snapshot.objects.Journeys)
	_, _ = fmt.Fprintf(stdout, "\nGaps (kubectl journey gaps)\n\n")
	return d.plugin(ctx, stdout, "gaps", "-n", d.namespace)
}

// plugin runs the plugin that was just built, as kubectl does.
func (d *demo) plugin(ctx context.Context, stdout io.Writer, args ...string) error {
	command := exec.CommandContext(ctx, filepath.Join(d.programs, "kubectl-journey"), args...)
	command.Env = append(os.Environ(), "KUBECONFIG="+d.kubeconfig)
	command.Stdout, command.Stderr = stdout, d.progress
	if err := command.Run(); err != nil {
		return fmt.Errorf("kubectl journey %s: %w", strings.Join(args, " "), err)
	}
	return nil
}

// steps are the five steps of a journey.
var steps = []string{
	cxv1alpha1.ConditionStrategyDefined, cxv1alpha1.ConditionElaborated, cxv1alpha1.ConditionGrouped,
	cxv1alpha1.ConditionPlanned, cxv1alpha1.ConditionRealized,
}

func printJourneys(w io.Writer, journeys []*cxv1alpha1.Journey) {
	_, _ = fmt.Fprintf(w, "\nJourneys and their five steps\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "JOURNEY\tSTRATEGY\tELABORATED\tGROUPED\tPLANNED\tREALIZED\tBLOCKED\tAT RISK\tVALUE DELIVERED\tEXPECTED")
	for _, j := range journeys {
		row := []string{j.Name}
		for _, step := range steps {
			row = append(row, stepText(j.Status.Conditions, step))
		}
		if m := j.Status.Moments; m != nil {
			row = append(row, fmt.Sprintf("%d of %d", m.Blocked, m.Total), fmt.Sprint(m.AtRisk))
		} else {
			row = append(row, "", "")
		}
		if p := j.Status.ProgressPercent; p != nil {
			row = append(row, fmt.Sprintf("%d%%", *p))
		} else {
			row = append(row, "")
		}
		row = append(row, cmp.Or(string(j.Status.ExpectedDate), "no date"))
		_, _ = fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	_ = table.Flush()
}

// stepText says whether a step is done. If not, it says what is missing.
func stepText(conditions []metav1.Condition, step string) string {
	c := meta.FindStatusCondition(conditions, step)
	switch {
	case c == nil:
		return "?"
	case c.Status == metav1.ConditionTrue:
		return "yes"
	default:
		return c.Reason
	}
}

const (
	maxMoments  = 15
	maxBlockers = 3
)

// printBlocked prints the blocked moments with the most value, and what each waits for.
func printBlocked(w io.Writer, moments []*cxv1alpha1.Moment) {
	blocked := slices.DeleteFunc(slices.Clone(moments), func(m *cxv1alpha1.Moment) bool {
		return !meta.IsStatusConditionTrue(m.Status.Conditions, cxv1alpha1.ConditionBlocked)
	})
	slices.SortStableFunc(blocked, func(a, b *cxv1alpha1.Moment) int { return cmp.Compare(worth(b), worth(a)) })
	_, _ = fmt.Fprintf(w, "\nBlocked moments, by what they are worth to customers\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "MOMENT\tVALUE\tREASON\tEXPECTED\tNEEDED BY\tWAITS FOR")
	for i, m := range blocked {
		if i == maxMoments {
			_, _ = fmt.Fprintf(table, "... and %d more\n", len(blocked)-i)
			break
		}
		reason := meta.FindStatusCondition(m.Status.Conditions, cxv1alpha1.ConditionBlocked).Reason
		_, _ = fmt.Fprintln(table, strings.Join([]string{
			m.Name, fmt.Sprint(worth(m)), reason,
			cmp.Or(string(m.Status.ExpectedDate), "no date"), cmp.Or(string(m.Spec.NeededBy), "-"), blockers(m),
		}, "\t"))
	}
	_ = table.Flush()
}

func worth(m *cxv1alpha1.Moment) int64 {
	if m.Status.Value == nil {
		return 0
	}
	return m.Status.Value.Total
}

// blockers names the first things that a moment waits for.
func blockers(m *cxv1alpha1.Moment) string {
	var names []string
	for i, b := range m.Status.BlockedBy {
		if i == maxBlockers {
			break
		}
		name := b.Name
		if b.Stage != "" {
			name += "/" + b.Stage
		}
		names = append(names, fmt.Sprintf("%s (%s)", name, b.Reason))
	}
	text := strings.Join(names, ", ")
	if more := int(m.Status.BlockedByTotal) - len(names); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// printNextWork prints the work to do first, and returns the first of it.
func printNextWork(w io.Writer, journeys []*cxv1alpha1.Journey) (first string) {
	const most = 5
	_, _ = fmt.Fprintf(w, "\nWhat to do first\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(table, "JOURNEY\tROADMAP ITEM\tRANK\tPOINTS A DAY\tBLOCKED MOMENTS THAT WAIT FOR IT")
	for _, j := range journeys {
		for n, next := range j.Status.NextWork {
			if n == most {
				break
			}
			first = cmp.Or(first, next.Name)
			_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%d\n", j.Name, next.Name, next.Rank, next.Score, next.Unlocks)
		}
	}
	_ = table.Flush()
	return first
}
