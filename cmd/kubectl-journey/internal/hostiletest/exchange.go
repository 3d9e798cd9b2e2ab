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

package hostiletest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// ForExchange are texts that a terminal, a spreadsheet, a tracker or an XML reader might take for a command.
var ForExchange = append(slices.Clone(ForPrograms),
	"text;=cmd|'/c calc'!A0", "line\n=1+1\n-2", "'=1", "''+1", "{html}<b>{html}", "!http://x/y.png!", "[~admin]", "h1. Title", "bq. quote", "* item", "# item", "-struck-", "a{{b}}c", "|cell|",
	"\\{x\\}", "&#123;html&#125;", "]]><!--", "\x00\x1f", "_x000D_", "\\u{41}", "  blanks  ", "last line\n")

// Exchange returns a portfolio as lines of JSON. It has such texts in all fields that hold free text.
func Exchange(tb testing.TB) string {
	tb.Helper()
	var objects []string
	for n, text := range ForExchange {
		quoted, err := json.Marshal(text)
		if err != nil {
			tb.Fatal(err)
		}
		objects = append(objects, fmt.Sprintf(`
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Journey","metadata":{"name":"j%[1]d"},"spec":{"title":%[2]s,"description":%[2]s,"owner":%[2]s,"brand":{"vision":%[2]s,"values":[{"name":"v","description":%[2]s}]},
  "personas":[{"name":"p","title":%[2]s,"needs":[%[2]s],"insights":[%[2]s,"x",%[2]s]}],"phases":[{"name":"p","title":%[2]s,"milestone":%[2]s,"principles":[%[2]s]}],"channels":[{"name":"c","title":%[2]s}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Moment","metadata":{"name":"m%[1]d"},"spec":{"journeyRef":{"name":"j%[1]d"},"phase":"p","title":%[2]s,"description":%[2]s,"importance":1,
  "touchpoints":[{"name":"t","valueProposition":%[2]s}],"insights":[{"name":"i","statement":%[2]s,"source":%[2]s}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"Requirement","metadata":{"name":"r%[1]d"},"spec":{"momentRefs":[{"name":"m%[1]d"},{"name":"nowhere"}],"title":%[2]s,"statement":%[2]s,"moscow":"Must",
  "userStory":{"as":%[2]s,"want":%[2]s},"acceptanceCriteria":[%[2]s,%[2]s],"buildingBlockRef":{"name":"nowhere","stage":"s"},"owner":%[2]s,"externalRef":{"system":"jira","id":%[2]s}}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"BuildingBlock","metadata":{"name":"b%[1]d"},"spec":{"title":%[2]s,"systems":[%[2]s],"stages":[{"name":"s","title":%[2]s,"dependsOn":[{"name":"nowhere"}]}]}}
{"apiVersion":"cx.journeyops.dev/v1alpha1","kind":"RoadmapItem","metadata":{"name":"i%[1]d"},"spec":{"title":%[2]s,"why":%[2]s,"delivers":[{"name":"nowhere","stage":"s"}],"dependsOn":[{"name":"nowhere"}],"hypothesis":{"metric":%[2]s}}}`, n, quoted))
	}
	return strings.Join(objects, "\n")
}
