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

package cmdutil

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// The output formats that several commands have.
const (
	OutputTable   = "table"
	OutputWide    = "wide"
	OutputText    = "text"
	OutputJSON    = "json"
	OutputYAML    = "yaml"
	OutputCSV     = "csv"
	OutputMermaid = "mermaid"
	OutputHTML    = "html"
	OutputSVG     = "svg"
)

// PictureHelp explains html and svg.
const PictureHelp = `html prints one page that needs nothing else, neither a network nor scripts: the picture, and tables
that say the same in words. It is laid out for screens, light and dark, and for print on A3. svg
prints the picture alone, for slides and drawing programs.`

// PrintJSON prints a document for programs.
func PrintJSON(w io.Writer, document any) error { return printDocument(w, document, terminal.JSON) }

// PrintYAML prints a document for programs.
func PrintYAML(w io.Writer, document any) error { return printDocument(w, document, terminal.YAML) }

func printDocument(w io.Writer, document any, encode func(any) (string, error)) error {
	text, err := encode(document)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintln(w, strings.TrimSuffix(text, "\n"))
	return err
}

// PrintCSV prints rows for spreadsheets. What the cells hold is made inert, for these and for terminals.
func PrintCSV(w io.Writer, rows [][]string) error {
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, text := range row {
			cells[i] = sheet.InertCSV(terminal.Line(text))
		}
		if err := sheet.WriteCSV(w, cells); err != nil {
			return err
		}
	}
	return nil
}

// PrintLines prints lines of text.
func PrintLines(w io.Writer, lines []string) error {
	_, err := io.WriteString(w, strings.Join(lines, "\n")+"\n")
	return err
}

// Number writes a number; nothing for 0, which stands for none.
func Number(n int32) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(int(n))
}

// ListNames joins the names in a set for a sentence.
func ListNames(set map[string]bool) string {
	names := slices.Sorted(maps.Keys(set))
	const most = 10
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
