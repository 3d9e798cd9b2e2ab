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

package picture

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// TeamRecord is what became of the promises of a team.
type TeamRecord struct {
	cxv1alpha1.TrackRecord

	// Title is what people call the team.
	Title string
	// Items that a metric judges, the last finished first.
	Items []*view.DoneItem
}

// RecordsOf lists the teams whose finished work is judged, with that work.
func RecordsOf(r *view.Roadmap) []TeamRecord {
	records := make([]TeamRecord, len(r.TrackRecord))
	at := map[string]int{}
	for n, record := range r.TrackRecord {
		records[n] = TeamRecord{TrackRecord: record, Title: teamTitle(r.Teams, record.Team)}
		at[record.Team] = n
	}
	for n := range slices.Backward(r.Done) {
		i := &r.Done[n]
		if team, known := at[i.Team]; known && i.Hypothesis != nil {
			records[team].Items = append(records[team].Items, i)
		}
	}
	return records
}

// teamTitle is what people call a team, which may have no other work.
func teamTitle(teams []view.RoadmapTeam, name string) string {
	for n := range teams {
		if teams[n].Name == name {
			return TeamTitle(&teams[n])
		}
	}
	return TeamTitle(&view.RoadmapTeam{Name: name})
}

// RecordWords say what became of the promises of a team.
func RecordWords(r *cxv1alpha1.TrackRecord) string {
	var parts []string
	for _, part := range []struct {
		count int32
		word  string
	}{{r.Confirmed, "confirmed"}, {r.Refuted, "refuted"}, {r.Inconclusive, "inconclusive"}, {r.Pending, "not judged yet"}} {
		if part.count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", part.count, part.word))
		}
	}
	return terminal.Count(promised(r), "promise") + ": " + strings.Join(parts, ", ")
}

func promised(r *cxv1alpha1.TrackRecord) int {
	return int(r.Confirmed) + int(r.Refuted) + int(r.Inconclusive) + int(r.Pending)
}

// verdictWords are the verdicts as people read them.
var verdictWords = map[cxv1alpha1.Verdict]string{
	cxv1alpha1.VerdictConfirmed: "confirmed", cxv1alpha1.VerdictRefuted: "refuted",
	cxv1alpha1.VerdictInconclusive: "inconclusive", cxv1alpha1.VerdictPending: "not judged yet",
}

// VerdictWords are a verdict in words.
func VerdictWords(v cxv1alpha1.Verdict) string { return verdictWords[v] }

// verdictLooks are the signs and inks of verdicts.
var verdictLooks = map[cxv1alpha1.Verdict]struct {
	sign sign
	ink  string
}{
	cxv1alpha1.VerdictConfirmed: {signDone, "good"}, cxv1alpha1.VerdictRefuted: {signRefuted, "bad"},
	cxv1alpha1.VerdictInconclusive: {signBlocked, "warn"}, cxv1alpha1.VerdictPending: {signNothing, "soft"},
}

// mostJudged is how many finished items a picture shows of a team: the last. The table of a page lists all.
const mostJudged = 12

// The measures of the picture of verdicts.
const (
	verdictRow   = 22
	verdictHead  = 34
	verdictWord  = 124
	verdictItem  = 330
	verdictDate  = 84
	recordWidth  = 220
	recordHeight = 12
)

// Verdicts draws what became of the promises of each team: counts, and the finished work with its verdicts. It is nil where no metric judges any
// work.
func Verdicts(r *Roadmap, paper Paper) *Drawing {
	records := RecordsOf(r.Roadmap)
	if len(records) == 0 {
		return nil
	}
	d := &verdictDrawing{width: paper.width}
	title := "Promised and measured: " + r.Title
	d.text("b s15", ganttMargin, ganttMargin+14, fontHeadline.cut("Promised and measured", d.width))
	y := d.legend(ganttMargin + 26)
	for n := range records {
		y = d.team(&records[n], y)
	}
	d.line("rule-strong", ganttMargin, y, d.width-ganttMargin, y)
	return d.drawing(title, VerdictsSummary(r.Roadmap)+" As of "+string(r.AsOf)+".", d.width, y+ganttMargin)
}

// VerdictsSummary counts all promises, and what became of them.
func VerdictsSummary(r *view.Roadmap) string {
	var all cxv1alpha1.TrackRecord
	for _, record := range r.TrackRecord {
		all.Confirmed += record.Confirmed
		all.Refuted += record.Refuted
		all.Inconclusive += record.Inconclusive
		all.Pending += record.Pending
	}
	return "Of the finished work, " + RecordWords(&all) + "."
}

type verdictDrawing struct {
	canvas
	width int
}

func (d *verdictDrawing) legend(y int) int {
	x := ganttMargin
	for _, entry := range []struct {
		verdict cxv1alpha1.Verdict
		words   string
	}{
		{cxv1alpha1.VerdictConfirmed, "confirmed: it brought what was promised"}, {cxv1alpha1.VerdictRefuted, "refuted: it brought nothing"},
		{cxv1alpha1.VerdictInconclusive, "inconclusive: it brought less, or that cannot be told"}, {cxv1alpha1.VerdictPending, "not judged yet"},
	} {
		d.mark(verdictLooks[entry.verdict].sign, x+8, y+8)
		d.text("", x+22, y+12, entry.words)
		x += 22 + fontText.width(entry.words) + 40
	}
	return y + 28
}

// team draws a team with its finished work. It returns the y of the end.
func (d *verdictDrawing) team(r *TeamRecord, y int) int {
	d.line("rule-strong", ganttMargin, y, d.width-ganttMargin, y)
	d.rect("lane", ganttMargin, y, d.width-2*ganttMargin, verdictHead-6, 0)
	title := fontTitle.cut(r.Title, ganttLabels+100)
	d.text("b s12", ganttMargin+4, y+18, title)
	x := ganttMargin + 4 + max(ganttLabels, fontTitle.width(title)+14)
	d.record(&r.TrackRecord, x, y+8)
	d.text("", x+recordWidth+12, y+18, RecordWords(&r.TrackRecord))
	y += verdictHead
	for _, i := range r.Items[:min(mostJudged, len(r.Items))] {
		d.item(i, y)
		y += verdictRow
	}
	if more := len(r.Items) - mostJudged; more > 0 {
		d.text("i soft", ganttMargin+24, y+14, fmt.Sprintf("and %d more, finished earlier", more))
		y += verdictRow
	}
	return y + 4
}

// record draws the verdicts of a team as a bar: filled, hatched, light and dashed, so that they can be told apart without colours.
func (d *verdictDrawing) record(r *cxv1alpha1.TrackRecord, x, y int) {
	total, done, from := promised(r), 0, x
	d.begin("record", r.Team, RecordWords(r))
	for _, part := range []struct {
		count int32
		class string
		ink   string
	}{{r.Confirmed, "delivered", "onfill"}, {r.Refuted, "unplanned", "halo"}, {r.Inconclusive, "box-warn", ""}, {r.Pending, "box-soft", ""}} {
		done += int(part.count)
		to := x + done*recordWidth/total
		if part.count == 0 {
			continue
		}
		d.rect(part.class, from, y, to-from, recordHeight, 0)
		for at := from + 4; part.class == "unplanned" && at+3 < to; at += 7 {
			d.line("stripe", at, y+recordHeight-1, at+3, y+1)
		}
		if label := number(part.count); to-from > fontSmall.width(label)+6 {
			d.text("mid b s10 "+part.ink, (from+to)/2, y+10, label)
		}
		from = to
	}
	d.end()
}

func (d *verdictDrawing) item(i *view.DoneItem, y int) {
	look := verdictLooks[i.Hypothesis.Verdict]
	d.begin("judged", i.Name, i.Title+": "+i.Hypothesis.Message)
	x := ganttMargin + 12
	d.mark(look.sign, x, y+10)
	d.text("b "+look.ink, x+14, y+14, VerdictWords(i.Hypothesis.Verdict))
	x += verdictWord
	d.text("", x, y+14, fontText.cut(i.Title, verdictItem-12))
	d.text("soft", x+verdictItem, y+14, string(i.Finish))
	x += verdictItem + verdictDate
	d.text("", x, y+14, fontText.cut(i.Hypothesis.Message, d.width-ganttMargin-x))
	d.end()
}

// recordTable counts the verdicts of each team.
func recordTable(r *Roadmap) table {
	t := table{
		Title: "Promised and measured, by team", Class: "records", Intro: VerdictsSummary(r.Roadmap),
		Head: [][]cell{heads("Team", "Promised", "Confirmed", "Refuted", "Inconclusive", "Not judged yet")},
	}
	numbers := []int{1, 2, 3, 4, 5}
	asNumbers(t.Head[0], numbers...)
	body := tableBody{}
	for n := range r.TrackRecord {
		record := &r.TrackRecord[n]
		row := cells(teamTitle(r.Teams, record.Team), strconv.Itoa(promised(record)), number(record.Confirmed), number(record.Refuted),
			number(record.Inconclusive), number(record.Pending))
		asNumbers(row, numbers...)
		row[0].Scope = "row"
		body.Rows = append(body.Rows, row)
	}
	t.Bodies = []tableBody{body}
	return t
}

func number(n int32) string { return strconv.Itoa(int(n)) }

// verdictTable lists the finished work that a metric judges, by team.
func verdictTable(r *Roadmap) table {
	t := table{
		Title: "What finished work brought", Class: "verdicts",
		Head: [][]cell{heads("Item", "Finished", "Verdict", "Promised", "Measured", "In a sentence")},
	}
	asNumbers(t.Head[0], 3, 4)
	records := RecordsOf(r.Roadmap)
	for n := range records {
		body := tableBody{Title: &bodyTitle{Text: records[n].Title, Span: len(t.Head[0])}}
		for _, i := range records[n].Items {
			h := i.Hypothesis
			row := cells(i.Title, string(i.Finish), VerdictWords(h.Verdict), betterWords(h.Expected), betterWords(h.Delta), h.Message)
			asNumbers(row, 3, 4)
			row[0].Scope, row[0].Data = "row", i.Name
			row[1].Class, row[2].Class = "date", "strong "+verdictLooks[h.Verdict].ink
			body.Rows = append(body.Rows, row)
		}
		t.Bodies = append(t.Bodies, body)
	}
	return t
}

// betterWords say how much better or worse a metric became.
func betterWords(delta *cxv1alpha1.Decimal) string {
	if delta == nil {
		return ""
	}
	switch micros := delta.Micros(); {
	case micros > 0:
		return string(*delta) + " better"
	case micros < 0:
		return string(cxv1alpha1.DecimalOf(-micros)) + " worse"
	}
	return "no change"
}
