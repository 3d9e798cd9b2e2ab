//go:build libreoffice

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

package importcmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdtest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/cmdutil"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/hostiletest"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/sheet"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/tables"
)

// converted lets LibreOffice open files and save them in another format, in a folder of their own. It must be there.
func converted(t *testing.T, format string, paths ...string) string {
	t.Helper()
	folder := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + t.TempDir(), "--headless", "--convert-to", format, "--outdir", folder}
	if out, err := exec.Command("soffice", append(args, paths...)...).CombinedOutput(); err != nil {
		t.Fatalf("%v (soffice is in Debian's libreoffice-calc): %s", err, out)
	}
	return folder
}

// csvFilter is CSV as LibreOffice writes it of all sheets: commas, quotes where needed, UTF-8, cells as they are shown, each sheet in a
// file of its own.
const csvFilter = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"

// TestLibreOffice holds that a portfolio which LibreOffice opened and saved changes nothing when it comes back:
//
//	go test -tags libreoffice -run LibreOffice ./cmd/kubectl-journey/internal/cmd/importcmd
func TestLibreOffice(t *testing.T) {
	mischief := t.TempDir()
	if err := os.WriteFile(filepath.Join(mischief, "all.json"), []byte(hostiletest.Exchange(t)), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, sample := range map[string]string{"quickstart": cmdtest.Samples + "quickstart", "motor-claim": cmdtest.Samples + "motor-claim", "mischief": mischief} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "copy")
			if err := os.CopyFS(folder, os.DirFS(sample)); err != nil {
				t.Fatal(err)
			}
			before := cmdtest.Files(t, folder)
			workbook := filepath.Join(t.TempDir(), "book.xlsx")
			exported(t, "", "-f", folder, "-o", "xlsx", "--out", workbook)
			back := func(kind, path string) {
				t.Helper()
				got := runOffline(t, "", "import", path, "--into", folder)
				// Who opens CSV makes a date of a title that looks like one. That is told, by cell.
				known := sample == mischief && strings.Contains(got.ErrOut, "the cell holds the date 2026-01-01, and text is expected")
				if diff := cmp.Diff(before, cmdtest.Files(t, folder)); diff != "" || got.Code != cmdutil.ExitOK && !known {
					t.Errorf("%s: exit code %d: %s\n%s", kind, got.Code, got.ErrOut, diff)
				}
			}
			back("xlsx", filepath.Join(converted(t, "xlsx", workbook), "book.xlsx"))
			back("xlsx by way of ods", filepath.Join(converted(t, "xlsx", filepath.Join(converted(t, "ods", workbook), "book.ods")), "book.xlsx"))
			back("csv", sheetsAlone(t, converted(t, csvFilter, workbook)))

			csv := t.TempDir()
			exported(t, "", "-f", folder, "-o", cmdutil.OutputCSV, "--out", csv)
			paths, err := filepath.Glob(filepath.Join(csv, "*.csv"))
			if err != nil {
				t.Fatal(err)
			}
			back("csv that it opened", converted(t, "xlsx", append([]string{"--infilter=CSV:44,34,76,1"}, paths...)...))
		})
	}
}

// sheetsAlone renames files such as book-Moments.csv to what they hold.
func sheetsAlone(t *testing.T, folder string) string {
	t.Helper()
	alone := t.TempDir()
	for _, table := range tables.All {
		if err := os.Rename(filepath.Join(folder, "book-"+table.Sheet+".csv"), filepath.Join(alone, table.Sheet+".csv")); err != nil {
			t.Fatal(err)
		}
	}
	return alone
}

// TestLibreOfficeShowsAll looks at the pages that LibreOffice makes of a workbook: each has headings, and all that is in the cells.
func TestLibreOfficeShowsAll(t *testing.T) {
	workbook := filepath.Join(t.TempDir(), "book.xlsx")
	exported(t, "", "-f", cmdtest.Samples+"motor-claim", "-o", "xlsx", "--out", workbook)
	pdf := filepath.Join(converted(t, "pdf", workbook), "book.pdf")
	out, err := exec.Command("pdftotext", "-layout", pdf, "-").Output()
	if err != nil {
		t.Fatalf("%v (pdftotext is in Debian's poppler-utils)", err)
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	if len(pages) > 60 {
		t.Errorf("there are %d pages: sheets are torn", len(pages))
	}
	content, err := os.ReadFile(workbook)
	if err != nil {
		t.Fatal(err)
	}
	sheets, err := sheet.ReadXLSX(workbook, content)
	if err != nil {
		t.Fatal(err)
	}
	shown := map[string]bool{}
	for word := range strings.FieldsSeq(string(out)) {
		shown[word] = true
	}
	missing, all := 0, 0
	for _, s := range sheets {
		for i := range s.Rows {
			for c := range s.Rows[i].Cells {
				for word := range strings.FieldsSeq(s.Rows[i].Cells[c].Text) {
					all++
					if !shown[word] && len(word) < 9 {
						missing++
					}
				}
			}
		}
	}
	// Long words are broken over lines, dates shown as dates.
	if missing > all/50 {
		t.Errorf("%d of %d words are not on any page", missing, all)
	}
}

// TestLibreOfficeFormats holds that what LibreOffice writes and import does not read is refused with what to do.
func TestLibreOfficeFormats(t *testing.T) {
	workbook := filepath.Join(t.TempDir(), "book.xlsx")
	exported(t, "", "-f", cmdtest.Samples+"quickstart", "-o", "xlsx", "--out", workbook)
	for format, want := range map[string]string{"ods": "or as CSV", "xls": "save it as .xlsx without a password", "fods": "or as CSV", "html": "or as CSV"} {
		path := filepath.Join(converted(t, format, workbook), "book."+format)
		disguised := path + ".xlsx"
		if err := os.Link(path, disguised); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{path: "save it as .xlsx or CSV first", disguised: want} {
			if got := runOffline(t, "", "import", name); got.Code != cmdutil.ExitFailure || !strings.Contains(got.ErrOut, want) {
				t.Errorf("%s: exit code %d: %s", filepath.Base(name), got.Code, got.ErrOut)
			}
		}
	}
}
