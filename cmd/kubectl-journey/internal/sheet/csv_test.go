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

package sheet

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// cellsOf returns the cells of a sheet as text, with the numbers of the rows.
func cellsOf(s *Sheet) string {
	var rows []string
	for i := range s.Rows {
		var cells []string
		for c := range s.Rows[i].Cells {
			cells = append(cells, s.Rows[i].Cells[c].Text)
		}
		rows = append(rows, CellName(0, s.Rows[i].Number)+" "+strings.Join(cells, "|"))
	}
	return strings.Join(rows, "\n")
}

func TestReadCSV(t *testing.T) {
	const table = "Name;Title\r\none;Één €\r\n"
	const want = "A1 Name|Title\nA2 one|Één €"
	encoded := func(encode func(string) (string, error)) string {
		text, err := encode(table)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for _, test := range []struct{ name, content, want string }{
		{"UTF-8", table, want},
		{"UTF-8 with a mark", "\ufeff" + table, want},
		{"Windows-1252", encoded(charmap.Windows1252.NewEncoder().String), want},
		{"UTF-16 of Windows", encoded(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String), want},
		{"UTF-16 big-endian", encoded(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String), want},
		{"UTF-16 without a mark", encoded(unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String), want},
		{"commas", "a,b;c\n1,2\n", "A1 a|b;c\nA2 1|2"},
		{"tabs", "a\tb\n1,5\t2\n", "A1 a|b\nA2 1,5|2"},
		{"separator said", "sep=;\r\na,b;c\r\n1;2", "A2 a,b|c\nA3 1|2"},
		{"separators in quotes", "\"a,b,c\";d\n1;2\n", "A1 a,b,c|d\nA2 1|2"},
		{"quotes and line ends in cells", "a,b\r\n\"x \"\"y\"\"\r\nz\",\"\"\r\n3,4", "A1 a|b\nA2 x \"y\"\nz|\nA3 3|4"},
		{"quotes inside a cell", "a,b\n5\" pipe,c\n", "A1 a|b\nA2 5\" pipe|c"},
		{"empty rows", "\n\na,b\n,\n  , \n1,2\n\n", "A3 a|b\nA6 1|2"},
		{"old Macintosh line ends", "a,b\r1,2\r", "A1 a|b\nA2 1|2"},
		{"a title above", "Wishes of 2027\n\na;b;c\n1;2;3\n", "A1 Wishes of 2027\nA3 a|b|c\nA4 1|2|3"},
		{"a title with commas above", "Wishes, of, 2027\na;b;c\n1, 5;2;3\n", "A1 Wishes, of, 2027\nA2 a|b|c\nA3 1, 5|2|3"},
		{"lists with semicolons", "a,b\n1,x; y; z\n2,x; y; z\n", "A1 a|b\nA2 1|x; y; z\nA3 2|x; y; z"},
		{"lines with semicolons in quotes", "a,b\n1,\"x; \"\"y\"\"\nu; v\nw; x\"\n\"p;q\",2\n", "A1 a|b\nA2 1|x; \"y\"\nu; v\nw; x\nA3 p;q|2"},
		{"rows of any length", "a,b,c,d\n1,2\n1,x;y,3\n1,2\n", "A1 a|b|c|d\nA2 1|2\nA3 1|x;y|3\nA4 1|2"},
		{"nothing", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := ReadCSV("x.csv", []byte(test.content))
			if err != nil {
				t.Fatal(err)
			}
			if got := cellsOf(s); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestReadBrokenCSV(t *testing.T) {
	for content, want := range map[string]string{
		"a,b\n1,\"never": "folder/x.csv: B2: the quote that begins this cell is never closed",
		"a\n\"b\" c\n":   "folder/x.csv: A2: there is text after the closing quote",
		"PK\x03\x04\x00": "folder/x.csv: this is a workbook and not CSV",
		"a,b\x00":        "folder/x.csv: byte 4 is zero, so this is no text",
	} {
		if _, err := ReadCSV("folder/x.csv", []byte(content)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", content, err, want)
		}
	}
}

// TestLostCharacters checks that text with lost characters, or of unknown encoding, is not read as if it were right.
func TestLostCharacters(t *testing.T) {
	for _, test := range []struct {
		name, content string
		lost          []string
		encoding      string
	}{
		{"Windows-1252", "a;b\nCaf\xe9;1\n", nil, "Windows-1252"},
		{"a byte that means nothing in it", "a;b\nCaf\xe9;\x81\n", []string{"B2"}, "Windows-1252"},
		{"UTF-8 with a mark, and something else", "\ufeffa;b\nCaf\xe9;1\n", []string{"A2"}, ""},
		{"UTF-8, and something else", "a;b\nCafé;Crème\nCaf\xe9;1\n", []string{"A3"}, ""},
		{"UTF-8 that lost something before", "a;b\nCaf\ufffd;1\n", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s, err := ReadCSV("x.csv", []byte(test.content))
			if err != nil {
				t.Fatal(err)
			}
			var lost []string
			for _, row := range s.Rows {
				for c := range row.Cells {
					if strings.Contains(row.Cells[c].Problem, "save the table as CSV in UTF-8") {
						lost = append(lost, CellName(c, row.Number))
					}
				}
			}
			if !slices.Equal(lost, test.lost) || s.Encoding != test.encoding {
				t.Errorf("lost in %v, read as %q", lost, s.Encoding)
			}
		})
	}
}

// FuzzReadCSV looks for content that makes the reader panic or go on for ever.
func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2", "\xff\xfea\x00", "\"", "sep=", "a;\"b\n", "\r\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if s, err := ReadCSV("x.csv", content); (s == nil) == (err == nil) {
			t.Errorf("got %v and %v", s, err)
		}
	})
}
