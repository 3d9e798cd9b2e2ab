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

package tables

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/validation"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Resolve returns the name of the object of a kind that a word means. The word is its name, the text from which its name was made, or its
// title.
type Resolve func(kind, word string) string

// Decode returns the value of a field from a cell. It is nil for an empty cell. An error says what to write instead.
func (c *Column) Decode(cell *sheet.Cell, resolve Resolve) (any, error) {
	if cell.Problem != "" {
		return nil, errors.New(cell.Problem)
	}
	raw := sheet.Restore(sheet.Trim(cell.Text, c.Type == Block))
	if raw == "" {
		return nil, nil
	}
	switch c.Type {
	case Whole, Percent:
		return c.whole(cell, raw)
	case Day:
		return day(cell, raw)
	case Flag:
		return flag(raw)
	case Line, Block, Label, Name, Enum, Lines, Labels, Names, Lagged, Enums, Days, StageRefs, Named:
	}
	if cell.IsDate {
		return nil, fmt.Errorf("the cell holds the date %s, and text is expected: give the cell the format Text and write it again", cell.Date)
	}
	return c.decodeText(raw, resolve)
}

func (c *Column) decodeText(raw string, resolve Resolve) (any, error) {
	switch c.Type {
	case Enum:
		return c.choice(raw)
	case Label:
		return label(raw)
	case Name:
		return name(raw, c.Of, resolve), nil
	case Lines:
		return list(raw, func(item string) (any, error) { return sheet.Unescape(item), nil })
	case Labels:
		return list(raw, label)
	case Enums:
		return list(raw, c.choice)
	case Days:
		return list(raw, isoDay)
	case Names:
		return list(raw, func(item string) (any, error) { return map[string]any{"name": name(item, c.Of, resolve)}, nil })
	case Lagged:
		return list(raw, func(item string) (any, error) { return lagged(item, c.Of, resolve), nil })
	case StageRefs:
		return list(raw, func(item string) (any, error) { return stageRef(item, resolve) })
	case Named:
		return list(raw, c.named)
	case Line, Block, Whole, Percent, Flag, Day:
	}
	return sheet.Unescape(raw), nil
}

// IsList tells whether a cell of the column may hold several items.
func (c *Column) IsList() bool {
	switch c.Type {
	case Lines, Labels, Names, Lagged, Enums, Days, StageRefs, Named:
		return true
	case Line, Block, Label, Name, Enum, Whole, Percent, Flag, Day:
	}
	return false
}

// Items returns the items of a cell with a list. Each line is an item. In a cell of one line, semicolons separate the items.
func Items(raw string) []string {
	separator := "\n"
	if !strings.Contains(raw, "\n") {
		separator = ";"
	}
	var items []string
	for part := range strings.SplitSeq(raw, separator) {
		if part = strings.TrimSpace(part); part != "" {
			items = append(items, part)
		}
	}
	return items
}

// list reads a cell with a list.
func list(raw string, one func(item string) (any, error)) (any, error) {
	var items []any
	for _, part := range Items(raw) {
		item, err := one(part)
		if err != nil {
			return nil, err
		}
		items = append(items, item)
	}
	if len(items) == 0 {
		return nil, nil
	}
	return items, nil
}

// choice returns the word of an enum that was meant. Upper and lower case and blanks make no difference: "must have" is Must.
func (c *Column) choice(raw string) (any, error) {
	normal := Normal(raw)
	var found []string
	for _, word := range c.Choices {
		switch {
		case normal == Normal(word), normal == Normal(word)+"have":
			return word, nil
		case len(normal) == 1 && strings.HasPrefix(Normal(word), normal):
			found = append(found, word)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	hint := ""
	if meant := kinds.Closest(raw, c.Choices); meant != "" && strings.EqualFold(meant[:1], raw[:1]) {
		// The first letter is seldom wrong: "would" is not "could".
		hint = fmt.Sprintf(" (did you mean %s?)", meant)
	}
	return nil, &ChoiceError{fmt.Sprintf("%q is not one of %s%s", shorten(raw), strings.Join(c.Choices, ", "), hint)}
}

// ChoiceError is the error of a word that is not in an enum.
type ChoiceError struct{ text string }

func (e *ChoiceError) Error() string { return e.text }

// shorten cuts a wrong text for a message.
func shorten(text string) string {
	if beginning := terminal.Beginning(text, 60); beginning != text {
		return beginning + "..."
	}
	return text
}

var errNoName = errors.New("no name can be made of this: write lower-case letters, digits and -")

// label returns the name of something inside an object: the text itself, or a name made of it.
func label(raw string) (any, error) {
	if sheet.IsEscaped(raw) {
		return sheet.Unescape(raw), nil
	}
	if len(validation.IsDNS1123Label(raw)) == 0 {
		return raw, nil
	}
	if made := NameOf("entry", raw); made != "" {
		return made, nil
	}
	return nil, fmt.Errorf("%q: %w", shorten(raw), errNoName)
}

func name(raw, kind string, resolve Resolve) string {
	if sheet.IsEscaped(raw) {
		return sheet.Unescape(raw)
	}
	return resolve(kind, raw)
}

// lag is what may follow a name: how many days to wait after it.
var lag = regexp.MustCompile(`^(.*\S)\s*\+\s*(\d{1,4})\s*(?:d|days?|workdays?)$`)

// lagged reads an item "name", or "name + 10 days".
func lagged(raw, kind string, resolve Resolve) map[string]any {
	found := lag.FindStringSubmatch(raw)
	if found == nil {
		return map[string]any{"name": name(raw, kind, resolve)}
	}
	item := map[string]any{"name": name(found[1], kind, resolve)}
	// Four digits at most, so there is no error to have.
	if days, _ := strconv.ParseInt(found[2], 10, 64); days > 0 {
		item["lagDays"] = days
	}
	return item
}

func stageRef(raw string, resolve Resolve) (any, error) {
	block, stage := raw, ""
	if at := strings.LastIndex(raw, "/"); at >= 0 {
		block, stage = strings.TrimSpace(raw[:at]), strings.TrimSpace(raw[at+1:])
	}
	if block == "" {
		return nil, fmt.Errorf("%q names no building block: write block/stage, or the block alone for its last stage", shorten(raw))
	}
	ref := map[string]any{"name": name(block, kinds.BuildingBlock, resolve)}
	if stage != "" {
		made, err := label(stage)
		if err != nil {
			return nil, err
		}
		ref["stage"] = made
	}
	return ref, nil
}

var wholeNumber = regexp.MustCompile(`^[+-]?(0|[1-9]\d{0,17})$`)

// named reads an item "name: text". Of text without a name, a name is made.
func (c *Column) named(raw string) (any, error) {
	before, after, found := strings.Cut(raw, ":")
	before, after = strings.TrimSpace(before), strings.TrimSpace(after)
	made, err := label(before)
	if err != nil {
		return nil, fmt.Errorf("%w before a colon, for instance \"name: text\"", err)
	}
	item := map[string]any{"name": made}
	switch {
	case found && c.Text == "value":
		item[c.Text] = quantity(sheet.Unescape(after))
	case found && after != "":
		item[c.Text] = sheet.Unescape(after)
	case !found && made != before:
		item[c.Text] = sheet.Unescape(before)
	}
	return item, nil
}

// quantity is a number. A whole number has no decimal point, as people write it in YAML.
func quantity(text string) any {
	if wholeNumber.MatchString(text) && text[0] != '+' && text != "-0" {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return n
		}
	}
	return text
}

func (c *Column) whole(cell *sheet.Cell, raw string) (any, error) {
	if cell.IsDate {
		return nil, fmt.Errorf("the cell holds the date %s, and a whole number is expected", cell.Date)
	}
	if cell.IsNumber {
		value := cell.Number
		if cell.IsPercent && c.Type == Percent {
			value = hundredths(value)
		}
		if value != math.Trunc(value) || math.Abs(value) > 1e15 {
			return nil, fmt.Errorf("%s is not a whole number", strconv.FormatFloat(value, 'f', -1, 64))
		}
		return int64(value), nil
	}
	digits := raw
	if c.Type == Percent {
		digits = strings.TrimSpace(strings.TrimSuffix(raw, "%"))
	}
	if !wholeNumber.MatchString(digits) {
		return nil, fmt.Errorf("%q is not a whole number: write it with digits alone, for instance 1200", shorten(raw))
	}
	// Eighteen digits always fit.
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err
}

// hundredths returns a percentage. It rounds, since 0.57 is not exact as a binary number.
func hundredths(value float64) float64 { return math.Round(value*1e12) / 1e10 }

func day(cell *sheet.Cell, raw string) (any, error) {
	switch {
	case cell.IsDate && cell.Date != "":
		return cell.Date, nil
	case cell.IsNumber:
		hint := "2027-03-01"
		if cell.Date != "" {
			hint = cell.Date
		}
		return nil, fmt.Errorf("%s is a number and not a date: give the cell a date format, or write it as text like %s", raw, hint)
	}
	return isoDay(raw)
}

// timestamp matches a date with a time of day and perhaps a zone.
var timestamp = regexp.MustCompile(`^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d([.,]\d+)?)?( ?(Z|[+-]\d\d:?(\d\d)?))?$`)

// jiraDay is a date as the CSV of Jira has it, for instance 03/Feb/27 2:05 PM.
var jiraDay = regexp.MustCompile(`^(\d{1,2}/[A-Z][a-z]{2}/\d{2}) \d{1,2}:\d\d [AP]M$`)

// isoDay reads a date as text, as year-month-day only: 01-03-2027 is January for some people and March for others. From a timestamp it
// returns the date as written, in the timestamp's own zone.
func isoDay(raw string) (any, error) {
	text := raw
	if found := timestamp.FindStringSubmatch(raw); found != nil {
		text = found[1]
	}
	if found := jiraDay.FindStringSubmatch(raw); found != nil {
		if at, err := time.Parse("2/Jan/06", found[1]); err == nil {
			return string(cxv1alpha1.DateOf(at)), nil
		}
	}
	if !dateOnly.MatchString(text) {
		return nil, fmt.Errorf("%q is not a date: write year-month-day, for instance 2027-03-01 for the first of March, or give the cell a date format", shorten(raw))
	}
	if !cxv1alpha1.Date(text).IsValid() {
		return nil, fmt.Errorf("%s: there is no such day", text)
	}
	return text, nil
}

var dateOnly = regexp.MustCompile(`^\d{4}-\d\d-\d\d$`)

func flag(raw string) (any, error) {
	switch strings.ToLower(raw) {
	case "yes", "y", "true", "1", "x", "✓", "✔", "ja", "waar", "wahr", "oui", "vrai":
		return true, nil
	case "no", "n", "false", "0", "-", "nee", "onwaar", "falsch", "nein", "non", "faux":
		return false, nil
	}
	return nil, fmt.Errorf("%q is neither yes nor no", shorten(raw))
}

// Same tells whether two values of a field look the same in a cell. The line end after the last line of a text does not count.
func (c *Column) Same(a, b any) bool {
	was, is := c.Encode(a).Text, c.Encode(b).Text
	if c.Type == Block {
		was, is = strings.TrimRight(was, "\n"), strings.TrimRight(is, "\n")
	}
	return was == is
}
