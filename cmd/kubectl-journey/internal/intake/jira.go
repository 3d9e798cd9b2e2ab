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

package intake

import (
	"regexp"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// The parts of a description that export writes.
const (
	CriteriaHeading = "*Acceptance criteria*"
	MomentsHeading  = "*Moments that need this*"
	StoryAs         = "As "
	StoryWant       = "I want "
	StorySoThat     = "so that "
)

// The beginnings of labels that name moments and building blocks.
const (
	MomentLabel = "moment-"
	BlockLabel  = "block-"
)

// storyFields are the fields that a description holds beside the statement.
var storyFields = []string{"userStory.as", "userStory.want", "userStory.soThat", "acceptanceCriteria"}

// readIssue reads the issue key, the labels and the description of an issue. Labels and descriptions that export has not written change
// no other fields.
func (l *layout) readIssue(r *row, from *sheet.Row) {
	if key := l.find("externalRef.id"); key >= 0 {
		switch system := l.find("externalRef.system"); {
		case r.text(key) == "":
			r.cells[key] = untouched
		case system >= l.width && r.cells[system] == untouched:
			r.set(system, "jira")
		}
	}
	l.readLabels(r, from)
	at := l.find("statement")
	if at < 0 || at >= l.width {
		return
	}
	s, ok := readStory(sheet.Restore(strings.ReplaceAll(r.cells[at].Text, "\r\n", "\n")))
	if !ok {
		return
	}
	r.cells[at] = &sheet.Cell{Text: sheet.InertXLSX(s.statement)}
	for n, text := range []string{s.as, s.want, s.soThat, listText(s.criteria)} {
		if i := l.find(storyFields[n]); i >= l.width {
			r.cells[i] = &sheet.Cell{Text: sheet.InertXLSX(text)}
		}
	}
}

// readLabels reads moments and a building block from the labels.
func (l *layout) readLabels(r *row, from *sheet.Row) {
	var moments, blocks []string
	for i, heading := range l.headings[:l.width] {
		if tables.Normal(heading) != labelHeading {
			continue
		}
		for label := range strings.FieldsSeq(from.Cell(i).Text) {
			if name, ok := strings.CutPrefix(label, MomentLabel); ok {
				moments = append(moments, name)
			}
			if name, ok := strings.CutPrefix(label, BlockLabel); ok {
				blocks = append(blocks, name)
			}
		}
	}
	if i := l.find("momentRefs"); i >= l.width && r.cells[i] == untouched && len(moments) > 0 {
		r.set(i, strings.Join(moments, "\n"))
	}
	if i := l.find("buildingBlockRef.name"); i >= l.width && r.cells[i] == untouched && len(blocks) == 1 {
		r.set(i, blocks[0])
	}
}

// story holds the parts of a description, each as the text of a cell.
type story struct {
	as, want, soThat, statement string
	criteria                    []string
}

// readStory reads a description that export has written. It returns false for any other description.
func readStory(description string) (*story, bool) {
	if !strings.Contains("\n"+description+"\n", "\n"+MomentsHeading+"\n") {
		return nil, false
	}
	s := &story{}
	lines := s.readUserStory(strings.Split(description, "\n"))
	var statement []string
	inCriteria := false
	for _, line := range lines {
		if line == MomentsHeading {
			break
		}
		switch item, isItem := strings.CutPrefix(line, "* "); {
		case line == CriteriaHeading:
			inCriteria = true
		case !inCriteria:
			statement = append(statement, fromJira(line))
		case isItem:
			s.criteria = append(s.criteria, fromJira(item))
		}
	}
	s.statement = strings.TrimSpace(strings.Join(statement, "\n"))
	return s, true
}

// readUserStory reads a user story, which ends with an empty line, and returns the lines after it.
func (s *story) readUserStory(lines []string) []string {
	end := 0
	for _, part := range []struct {
		begin string
		into  *string
	}{{StoryAs, &s.as}, {StoryWant, &s.want}, {StorySoThat, &s.soThat}} {
		if text, ok := strings.CutPrefix(lines[end], part.begin); ok && end+1 < len(lines) {
			*part.into = fromJira(text)
			end++
		}
	}
	if end == 0 || lines[end] != "" || s.want == "" {
		s.as, s.want, s.soThat = "", "", ""
		return lines
	}
	return lines[end+1:]
}

var escapedSign = regexp.MustCompile(`\\([\\{}\[\]!*_^~+?|#-])`)

var entities = strings.NewReplacer("&#46;", ".", "&amp;", "&")

// fromJira undoes the escapes that export adds for Jira's markup.
func fromJira(line string) string {
	return entities.Replace(escapedSign.ReplaceAllString(line, "$1"))
}
