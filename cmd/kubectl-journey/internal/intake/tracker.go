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
	"slices"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// tracker is the program that exported a table. Its headings show which one.
type tracker int

const (
	noTracker tracker = iota
	jira
	azureDevOps
)

// trackerOf returns the tracker that a row of headings is from.
func trackerOf(row *sheet.Row) tracker {
	has := map[string]bool{}
	levels := 0
	for i := range row.Cells {
		heading := headingText(&row.Cells[i])
		has[tables.Normal(heading)] = true
		if titleLevel(heading) > 0 {
			levels++
		}
	}
	switch {
	case has["issuekey"] && has["summary"]:
		return jira
	case has["workitemtype"], levels > 1:
		return azureDevOps
	}
	return noTracker
}

// customField matches Jira's heading of a custom field.
var customField = regexp.MustCompile(`(?i)^custom field \((.+)\)$`)

func (t tracker) isCustom(heading string) bool { return t == jira && customField.MatchString(heading) }

// meaning returns the column of a heading. In a table of Jira, External ID is the name of the requirement, since export writes it there,
// and the issue key is the external id.
func (t tracker) meaning(table *tables.Table, heading string) *tables.Column {
	if t != jira {
		return table.Find(heading)
	}
	if found := customField.FindStringSubmatch(heading); found != nil {
		heading = found[1]
	}
	if tables.Normal(heading) == "externalid" {
		return table.Find("name")
	}
	return table.Find(heading)
}

// labelHeading is the heading of Jira's columns of labels. Each holds one label.
const labelHeading = "labels"

// reads tells whether a heading without a column of its own is read by the tracker.
func (t tracker) reads(table *tables.Table, heading string) bool {
	return t == jira && tables.Normal(heading) == labelHeading && table.Find("momentRefs") != nil
}

// priorities of Jira, as export writes them.
var priorities = map[string]cxv1alpha1.MoSCoW{
	"highest": cxv1alpha1.MoSCoWMust, "high": cxv1alpha1.MoSCoWShould, "medium": cxv1alpha1.MoSCoWCould,
}

// PriorityOf returns Jira's priority for a class.
func PriorityOf(class cxv1alpha1.MoSCoW) string {
	for word, of := range priorities {
		if of == class {
			return strings.ToUpper(word[:1]) + word[1:]
		}
	}
	return ""
}

var level = regexp.MustCompile(`(?i)^title ?(\d{1,2})$`)

// titleLevel returns the number in the headings Title 1, Title 2 and so on, which Azure DevOps writes for the levels of a tree; else 0.
func titleLevel(heading string) int {
	found := level.FindStringSubmatch(heading)
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	return n
}

// findLevels finds the columns of levels. If none of them is mapped, the first one holds the title of each row.
func (l *layout) findLevels() {
	title := l.table.Find("title")
	if title == nil {
		return
	}
	for i, heading := range l.headings {
		if titleLevel(heading) > 0 {
			l.levels = append(l.levels, i)
		}
	}
	slices.SortFunc(l.levels, func(a, b int) int { return titleLevel(l.headings[a]) - titleLevel(l.headings[b]) })
	if len(l.levels) > 0 && !slices.Contains(l.columns, title) {
		l.columns[l.levels[0]] = title
	}
}

// addColumns adds the columns whose cells are made of other columns.
func (l *layout) addColumns() {
	if long := l.table.LongText(); long != nil && l.table.Find("title") != nil {
		l.ensure(long.Field, "a title that is too long")
		if !l.table.IsDetail() {
			// Entries of lists need no title.
			l.ensure("title", "made of "+long.Heading)
		}
	}
	if l.tracker != jira {
		return
	}
	if l.find("externalRef.id") >= 0 {
		l.ensure("externalRef.system", "of the issue key")
	}
	if l.find("statement") < l.width {
		for _, field := range storyFields {
			l.ensure(field, "of the description")
		}
	}
	if slices.ContainsFunc(l.headings[:l.width], func(heading string) bool { return l.tracker.reads(l.table, heading) }) {
		l.ensure("momentRefs", "of the labels")
		l.ensure("buildingBlockRef.name", "of the labels")
	}
}
