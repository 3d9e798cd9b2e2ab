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
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/intake"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// The columns before the labels. Jira takes one label a column, so there are as many of these as the longest list of labels.
var storyHeadings = []string{"Summary", "Issue Type", "Priority", "Issue Key", "External ID", "Owner", "Description"}

const labelHeading = "Labels"

// story is a requirement as Jira takes it.
type story struct {
	cells  []string
	labels []string
}

// writeStories writes the requirements as user stories, except the Wonts.
func (o *Options) writeStories(w io.Writer, p *evaluate.Portfolio) error {
	moments := map[string]*cxv1alpha1.Moment{}
	for _, object := range p.Objects {
		if m, ok := object.Typed.(*cxv1alpha1.Moment); ok {
			moments[m.Name] = m
		}
	}
	var stories []story
	labels := 0
	for _, object := range ofKind(p, kinds.Requirement) {
		r, ok := object.Typed.(*cxv1alpha1.Requirement)
		if !ok || r.Spec.MoSCoW == cxv1alpha1.MoSCoWWont {
			continue
		}
		s := o.story(p, r, moments)
		labels = max(labels, len(s.labels))
		stories = append(stories, s)
	}
	headings := append([]string{}, storyHeadings...)
	for range labels {
		headings = append(headings, labelHeading)
	}
	if err := sheet.WriteCSV(w, headings); err != nil {
		return err
	}
	for _, s := range stories {
		cells := slices.Concat(s.cells, s.labels)
		for len(cells) < len(headings) {
			cells = append(cells, "")
		}
		for i := range cells {
			cells[i] = sheet.InertCSV(cells[i])
		}
		if err := sheet.WriteCSV(w, cells); err != nil {
			return err
		}
	}
	return nil
}

// noteWonts says how many requirements are left out.
func (o *Options) noteWonts(p *evaluate.Portfolio) {
	requirements := ofKind(p, kinds.Requirement)
	wonts := 0
	for _, object := range requirements {
		if r, ok := object.Typed.(*cxv1alpha1.Requirement); ok && r.Spec.MoSCoW == cxv1alpha1.MoSCoWWont {
			wonts++
		}
	}
	if wonts > 0 {
		o.Note("left out what will not be met: %d of %d requirements are Wont", wonts, len(requirements))
	}
}

func (o *Options) story(p *evaluate.Portfolio, r *cxv1alpha1.Requirement, moments map[string]*cxv1alpha1.Moment) story {
	key := ""
	if ref := r.Spec.ExternalRef; ref != nil && strings.EqualFold(ref.System, "jira") {
		key = ref.ID
	}
	labels := []string{}
	seen := map[string]bool{}
	add := func(label string) {
		if !seen[label] {
			seen[label] = true
			labels = append(labels, shortened(strings.Map(labelRune, label)))
		}
	}
	for _, ref := range r.Spec.MomentRefs {
		if m := moments[string(ref.Name)]; m != nil {
			add("journey-" + string(m.Spec.JourneyRef.Name))
		}
		add(intake.MomentLabel + string(ref.Name))
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil {
		add(intake.BlockLabel + string(ref.Name))
	}
	return story{
		cells: []string{
			shortened(sheet.Escape(oneLine(string(r.Spec.Title)), "")), "Story", intake.PriorityOf(r.Spec.MoSCoW), sheet.Escape(key, ""), sheet.Escape(r.Name, ""),
			sheet.Escape(oneLine(string(r.Spec.Owner)), ""), o.storyText(p, r, moments),
		},
		labels: labels,
	}
}

// labelRune keeps what may stand in a label; Jira begins a new one at a blank.
func labelRune(r rune) rune {
	if isLetterOrDigit(r) && terminal.Inert(r) || r == '-' || r == '.' {
		return r
	}
	return '-'
}

// maxJiraLine is the longest summary or label that Jira accepts.
const maxJiraLine = 255

// shortened cuts a text that would be too long for Jira. What makes it inert counts too.
func shortened(text string) string {
	whole := text
	for keep := utf8.RuneCountInString(whole) - 1; len(utf16.Encode([]rune(sheet.InertCSV(text)))) > maxJiraLine; keep-- {
		text = terminal.Beginning(whole, keep) + "…"
	}
	return text
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// storyText is the description of a story, in Jira's markup.
func (o *Options) storyText(p *evaluate.Portfolio, r *cxv1alpha1.Requirement, moments map[string]*cxv1alpha1.Moment) string {
	var b strings.Builder
	if s := r.Spec.UserStory; s != nil {
		for _, part := range []struct{ begin, text string }{
			{intake.StoryAs, string(s.As)}, {intake.StoryWant, string(s.Want)}, {intake.StorySoThat, string(s.SoThat)},
		} {
			if part.text != "" {
				b.WriteString(part.begin + jiraText(part.text) + "\n")
			}
		}
		b.WriteString("\n")
	}
	if r.Spec.Statement != "" {
		b.WriteString(jiraText(r.Spec.Statement) + "\n\n")
	}
	if len(r.Spec.AcceptanceCriteria) > 0 {
		b.WriteString(intake.CriteriaHeading + "\n")
		for _, c := range r.Spec.AcceptanceCriteria {
			b.WriteString("* " + jiraText(oneLine(string(c))) + "\n")
		}
		b.WriteString("\n")
	}
	b.WriteString(intake.MomentsHeading + "\n")
	for _, ref := range r.Spec.MomentRefs {
		name := string(ref.Name)
		line := jiraText(name)
		if m := moments[name]; m != nil {
			line = jiraText(oneLine(string(m.Spec.Title))) + " (" + line + ")"
		}
		b.WriteString("* " + line + o.jiraLink(p, kinds.Moment, name) + "\n")
	}
	if ref := r.Spec.BuildingBlockRef; ref != nil {
		line := jiraText(string(ref.Name))
		if ref.Stage != "" {
			line += ", stage " + jiraText(string(ref.Stage))
		}
		fmt.Fprintf(&b, "\n*Building block*: %s%s\n", line, o.jiraLink(p, kinds.BuildingBlock, string(ref.Name)))
	}
	if link := o.jiraLink(p, kinds.Requirement, r.Name); link != "" {
		fmt.Fprintf(&b, "\n*Requirement*: %s%s\n", jiraText(r.Name), link)
	}
	return strings.TrimRight(b.String(), "\n")
}

func (o *Options) jiraLink(p *evaluate.Portfolio, kind, name string) string {
	if o.LinkTemplate == "" {
		return ""
	}
	return " " + o.link(p, kind, name)
}

// jiraSigns mean something in Jira's markup wherever they stand.
const jiraSigns = `\{}[]!*_^~+?|`

// lineMarks mean something at the beginning of a line: headings, quotes, lists and rules.
var lineMarks = regexp.MustCompile(`^(h[1-6]|bq)\.`)

// jiraText escapes text, so that Jira shows it as it is.
func jiraText(text string) string {
	lines := strings.Split(sheet.EscapeBlock(text), "\n")
	for i, line := range lines {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		body := strings.TrimLeftFunc(line, unicode.IsSpace)
		lines[i] = line[:len(line)-len(body)] + jiraLine(body)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

func jiraLine(line string) string {
	if mark := lineMarks.FindString(line); mark != "" {
		return strings.TrimSuffix(mark, ".") + "&#46;" + jiraLine(line[len(mark):])
	}
	var b strings.Builder
	previous := ' '
	for at, r := range line {
		next, _ := utf8.DecodeRuneInString(strings.TrimPrefix(line[at:], string(r)))
		switch {
		case strings.ContainsRune(jiraSigns, r), r == '#' && at == 0, r == '-' && !isLetterOrDigit(previous) && (!unicode.IsSpace(next) || at == 0):
			b.WriteString(`\` + string(r))
		case r == '&':
			// Else text could contain the entities that are written below.
			b.WriteString("&amp;")
		default:
			b.WriteRune(r)
		}
		previous = r
	}
	return b.String()
}

func isLetterOrDigit(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
