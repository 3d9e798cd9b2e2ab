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

package export

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/atomicfile"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/source"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// markUTF8 tells Excel that a CSV file is in UTF-8.
const markUTF8 = "\ufeff"

// writeTables writes one CSV file for each kind, and for each table of a list that has rows. A file that is there already is also
// written: its old rows would come back with import.
func (o *Options) writeTables(p *evaluate.Portfolio) error {
	if info, err := os.Stat(o.Out); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file: name a folder", o.Out)
	}
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return err
	}
	return o.writeFiles(func(set *atomicfile.Set) error {
		for _, t := range tables.All {
			path := filepath.Join(o.Out, t.File+".csv")
			if _, err := os.Stat(path); err != nil && t.IsDetail() && t.Count(p) == 0 {
				continue
			}
			if err := set.Write(path, func(w io.Writer) error { return writeTable(w, t, p) }); err != nil {
				return err
			}
		}
		return nil
	})
}

func writeTable(w io.Writer, t *tables.Table, p *evaluate.Portfolio) error {
	out := bufio.NewWriter(w)
	if _, err := out.WriteString(markUTF8); err != nil {
		return err
	}
	var cells []string
	for _, c := range t.Written() {
		cells = append(cells, c.Title())
	}
	if err := sheet.WriteCSV(out, cells); err != nil {
		return err
	}
	for row := range t.Rows(p) {
		cells = cells[:0]
		for _, v := range t.Cells(p, row) {
			cells = append(cells, sheet.InertCSV(v.Text))
		}
		if err := sheet.WriteCSV(out, cells); err != nil {
			return err
		}
	}
	return out.Flush()
}

func writeWorkbook(w io.Writer, p *evaluate.Portfolio, asOf cxv1alpha1.Date) error {
	book, err := sheet.NewWorkbook("Customer journeys of "+sheet.Escape(p.Namespace, ""), string(asOf))
	if err != nil {
		return err
	}
	if err := writeAbout(book, p, asOf); err != nil {
		return err
	}
	counts := map[string]int{}
	for _, t := range tables.All {
		counts[t.Sheet] = t.Count(p)
	}
	for _, t := range tables.All {
		if err := writeSheet(book, t, p, counts); err != nil {
			return err
		}
	}
	if err := writeMatrix(book, p); err != nil {
		return err
	}
	if err := writeRanks(book, p); err != nil {
		return err
	}
	return book.Write(w)
}

func writeAbout(book *sheet.Workbook, p *evaluate.Portfolio, asOf cxv1alpha1.Date) error {
	lines := []string{
		fmt.Sprintf("These are the customer journeys of namespace %s as of %s.", sheet.Escape(p.Namespace, ""), asOf),
		"White columns are to be edited. Grey ones are computed from the others as of that day; nothing in them is read back.",
		`"kubectl journey import" brings the edits back. It updates what is there by name, adds what is new, and removes nothing but ` +
			"fields whose cells were emptied, and entries whose rows were removed from the sheet of a list.",
		"A new row needs a title; without a name it gets one made of the title.",
		"Lists have one item a line (Alt+Enter in a cell), or items between semicolons on one line. Lists of things with a name have " +
			`"name: text". Stages of building blocks are written as block/stage.`,
		"Dates are dates, or text like 2027-03-01.",
	}
	columns := []sheet.Column{{Heading: "About this workbook", Width: 110, HeadingStyle: sheet.Heading}}
	if err := book.Begin(tables.AboutSheet, columns, 0, len(lines)); err != nil {
		return err
	}
	for _, line := range lines {
		book.Text(line, sheet.Text)
		if err := book.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

// styleOf tells how the cells of a column look.
func styleOf(c *tables.Column) sheet.Style {
	switch {
	case c.Computed != nil:
		return sheet.Computed
	case c.Type == tables.Whole, c.Type == tables.Percent:
		return sheet.Number
	case c.Type == tables.Day:
		return sheet.Day
	default:
		return sheet.Text
	}
}

func writeSheet(book *sheet.Workbook, t *tables.Table, p *evaluate.Portfolio, counts map[string]int) error {
	written := t.Written()
	columns := make([]sheet.Column, len(written))
	for i, c := range written {
		columns[i] = sheet.Column{Heading: c.Title(), Width: c.Width, HeadingStyle: sheet.Heading, Style: styleOf(c)}
		switch {
		case c.Computed != nil:
			columns[i].HeadingStyle = sheet.ComputedHeading
		case c.Type == tables.Enum:
			columns[i].Choices = c.Choices
		case c.Type == tables.Flag:
			columns[i].Choices = []string{"yes", "no"}
		case c.Type == tables.Name && c.Of != "":
			other := tables.Of(c.Of).Sheet
			columns[i].ChoicesFrom = fmt.Sprintf("'%s'!$A$2:$A$%d", other, max(counts[other]+1, 2))
		}
	}
	if err := book.Begin(t.Sheet, columns, t.Keys(), counts[t.Sheet]); err != nil {
		return err
	}
	for row := range t.Rows(p) {
		for i, v := range t.Cells(p, row) {
			writeCell(book, v, columns[i].Style)
		}
		if err := book.EndRow(); err != nil {
			return fmt.Errorf("%s %s: %w", row.Object.Kind.Name, row.Object.Name, err)
		}
	}
	return nil
}

func writeCell(book *sheet.Workbook, v tables.Value, style sheet.Style) {
	// Fifteen digits are all that a workbook keeps of a number.
	if v.IsNumber && len(v.Text) <= 15 {
		if n, err := strconv.ParseInt(v.Text, 10, 64); err == nil {
			book.Whole(n, style)
			return
		}
	}
	if v.IsDay {
		book.Date(v.Text, style)
		return
	}
	book.Text(sheet.InertXLSX(v.Text), style)
}

// inertXLSX escapes text for a cell that import does not read.
func inertXLSX(text string) string { return sheet.InertXLSX(sheet.Escape(text, "")) }

// links count the requirements between building blocks and moments, without the Wonts.
type links struct {
	// between counts them by block and moment. A requirement of several moments counts for each.
	between map[[2]string]int64
	// blocks and moments count each requirement once.
	blocks, moments map[string]int64
}

func linksOf(p *evaluate.Portfolio) links {
	l := links{between: map[[2]string]int64{}, blocks: map[string]int64{}, moments: map[string]int64{}}
	for _, o := range p.Objects {
		r, ok := o.Typed.(*cxv1alpha1.Requirement)
		if !ok || r.Spec.BuildingBlockRef == nil || r.Spec.MoSCoW == cxv1alpha1.MoSCoWWont {
			continue
		}
		block := string(r.Spec.BuildingBlockRef.Name)
		l.blocks[block]++
		for _, m := range r.Spec.MomentRefs {
			l.moments[string(m.Name)]++
			l.between[[2]string{block, string(m.Name)}]++
		}
	}
	return l
}

// ofKind returns the objects of a kind.
func ofKind(p *evaluate.Portfolio, kind string) []*source.Object {
	return slices.DeleteFunc(slices.Clone(p.Objects), func(o *source.Object) bool { return o.Kind.Name != kind })
}

// writeMatrix writes how many requirements there are for each building block and moment. Moments are columns, unless a sheet has too few.
func writeMatrix(book *sheet.Workbook, p *evaluate.Portfolio) error {
	moments, blocks := ofKind(p, kinds.Moment), ofKind(p, kinds.BuildingBlock)
	tables.SortMoments(p, moments)
	l := linksOf(p)
	count := func(down, across *source.Object) int64 { return l.between[[2]string{down.Name, across.Name}] }
	down, across, totals := blocks, moments, l.blocks
	corner := "Building block"
	if len(moments)+2 > sheet.MaxColumns {
		down, across, totals, corner = moments, blocks, l.moments, "Moment"
		count = func(down, across *source.Object) int64 { return l.between[[2]string{across.Name, down.Name}] }
	}
	if len(across)+2 > sheet.MaxColumns {
		across = nil
	}
	columns := []sheet.Column{
		{Heading: corner, Width: 30, HeadingStyle: sheet.ComputedHeading, Style: sheet.Computed},
		{Heading: "Requirements", Width: 13, HeadingStyle: sheet.ComputedHeading, Style: sheet.Count},
	}
	for _, o := range across {
		columns = append(columns, sheet.Column{Heading: inertXLSX(o.Name), Width: 5, HeadingStyle: sheet.Turned, Style: sheet.Count})
	}
	if err := book.Begin(tables.MatrixSheet, columns, 2, len(down)); err != nil {
		return err
	}
	for _, d := range down {
		book.Text(inertXLSX(d.Name), sheet.Computed)
		book.Whole(totals[d.Name], sheet.Count)
		for _, a := range across {
			if n := count(d, a); n > 0 {
				book.Whole(n, sheet.Count)
			} else {
				book.Text("", sheet.Count)
			}
		}
		if err := book.EndRow(); err != nil {
			return err
		}
	}
	return nil
}

var rankHeadings = []struct {
	heading string
	width   float64
}{
	{"Rank", 8}, {"Bundle", 8}, {"Score", 10}, {"Name", 30}, {"Title", 40}, {"State", 12}, {"Team", 18}, {"Start", 12}, {"Finish", 12},
	{"Workdays", 10}, {"Target", 12}, {"Late", 8}, {"Waits for", 40}, {"Not scheduled because", 50},
}

// writeRanks writes the joint roadmap: the scheduled items by rank, then those that cannot be scheduled, then the finished.
func writeRanks(book *sheet.Workbook, p *evaluate.Portfolio) error {
	plan := view.RoadmapOf(p.Evaluation)
	scheduled := plan.ByRank()
	columns := make([]sheet.Column, len(rankHeadings))
	for i, h := range rankHeadings {
		columns[i] = sheet.Column{Heading: h.heading, Width: h.width, HeadingStyle: sheet.ComputedHeading, Style: sheet.Computed}
	}
	if err := book.Begin(tables.RankSheet, columns, 4, len(scheduled)+len(plan.Unscheduled)+len(plan.Done)); err != nil {
		return err
	}
	late := map[bool]string{true: "late"}
	row := func(rank, bundle int32, texts ...string) error {
		for _, n := range []int32{rank, bundle} {
			if n > 0 {
				book.Whole(int64(n), sheet.Computed)
			} else {
				book.Text("", sheet.Computed)
			}
		}
		for _, text := range texts {
			book.Text(inertXLSX(text), sheet.Computed)
		}
		return book.EndRow()
	}
	for _, i := range scheduled {
		err := row(i.Rank, i.Bundle, i.Score, i.Name, i.Title, string(i.State), i.Team, string(i.Start), string(i.Finish), cmdutil.Number(i.DurationDays),
			string(i.Target), late[i.Late], strings.Join(i.WaitsFor, "\n"), "")
		if err != nil {
			return err
		}
	}
	for _, i := range plan.Unscheduled {
		err := row(0, 0, "", i.Name, i.Title, string(i.State), i.Team, "", "", "", string(i.Target), "", strings.Join(i.WaitsFor, "\n"), i.Message)
		if err != nil {
			return err
		}
	}
	for _, i := range plan.Done {
		err := row(0, 0, "", i.Name, i.Title, string(cxv1alpha1.StateDone), i.Team, string(i.Start), string(i.Finish), "", string(i.Target), late[i.Late], "", "")
		if err != nil {
			return err
		}
	}
	return nil
}
