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

package main

import (
	"maps"
	"slices"

	"github.com/grafana/grafana-foundation-sdk/go/barchart"
	"github.com/grafana/grafana-foundation-sdk/go/bargauge"
	"github.com/grafana/grafana-foundation-sdk/go/cog"
	"github.com/grafana/grafana-foundation-sdk/go/common"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
	"github.com/grafana/grafana-foundation-sdk/go/prometheus"
	"github.com/grafana/grafana-foundation-sdk/go/stat"
	"github.com/grafana/grafana-foundation-sdk/go/table"
	"github.com/grafana/grafana-foundation-sdk/go/timeseries"
)

const (
	green  = "green"
	yellow = "yellow"
	orange = "orange"
	red    = "red"
	blue   = "blue"
	gray   = "gray"
)

// source is the data source that the variable of that name chooses.
var source = common.DataSourceRef{Type: new("prometheus"), Uid: new("${datasource}")}

func newDashboard(uid, title, description, from string) *dashboard.DashboardBuilder {
	return dashboard.NewDashboardBuilder(title).
		Uid(uid).Description(description).Tags([]string{"journey-operator"}).
		Timezone("utc").Time(from, "now").Refresh("1m").
		Tooltip(dashboard.DashboardCursorSyncCrosshair).
		WithVariable(dashboard.NewDatasourceVariableBuilder("datasource").Label("Data source").Type("prometheus"))
}

// choice is a variable with the values of a label, of which all are chosen at first.
func choice(label, title, series string) *dashboard.QueryVariableBuilder {
	return dashboard.NewQueryVariableBuilder(label).Label(title).
		Datasource(source).Query(dashboard.StringOrMap{String: new("label_values(" + series + ", " + label + ")")}).
		Refresh(dashboard.VariableRefreshOnTimeRangeChanged).Sort(dashboard.VariableSortAlphabeticalAsc).
		Multi(true).IncludeAll(true).AllValue(".*").
		Current(dashboard.VariableOption{
			Selected: new(true),
			Text:     dashboard.StringOrArrayOfString{ArrayOfString: []string{"All"}},
			Value:    dashboard.StringOrArrayOfString{ArrayOfString: []string{"$__all"}},
		})
}

// query is an expression, and how its series are called.
type query struct{ expr, legend string }

func (q query) builder(place int) *prometheus.DataqueryBuilder {
	// Grafana calls the queries of a panel A, B and so on.
	return prometheus.NewDataqueryBuilder().RefId(string(rune('A' + place))).Datasource(source).Expr(q.expr).LegendFormat(q.legend)
}

// over asks for the time range of the dashboard, now for its end.
func (q query) over(place int) *prometheus.DataqueryBuilder { return q.builder(place).Range() }
func (q query) now(place int) *prometheus.DataqueryBuilder  { return q.builder(place).Instant() }

// rows asks for a table: a row a series, a column a label.
func (q query) rows(place int) *prometheus.DataqueryBuilder {
	return q.now(place).Format(prometheus.PromQueryFormatTable)
}

// step is where a colour begins. The first has no beginning.
type step struct {
	from  float64
	color string
}

func steps(first string, further ...step) *dashboard.ThresholdsConfigBuilder {
	thresholds := []dashboard.Threshold{{Color: first}}
	for _, s := range further {
		thresholds = append(thresholds, dashboard.Threshold{Value: new(s.from), Color: s.color})
	}
	return dashboard.NewThresholdsConfigBuilder().Mode(dashboard.ThresholdsModeAbsolute).Steps(thresholds)
}

// anyIsBad is for what should be zero.
func anyIsBad() *dashboard.ThresholdsConfigBuilder { return steps(green, step{1, red}) }

func color(mode dashboard.FieldColorModeId) *dashboard.FieldColorBuilder {
	return dashboard.NewFieldColorBuilder().Mode(mode)
}

// number shows the latest value of each query, large.
func number(title, description, unit string, thresholds *dashboard.ThresholdsConfigBuilder, queries ...query) *stat.PanelBuilder {
	panel := stat.NewPanelBuilder().Title(title).Description(description).Datasource(source).Unit(unit).
		Span(4).Height(4).Thresholds(thresholds).ColorScheme(color(dashboard.FieldColorModeIdThresholds)).
		GraphMode(common.BigValueGraphModeNone).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"}))
	for i, q := range queries {
		panel.WithTarget(q.now(i))
	}
	return panel
}

// course shows how values went.
func course(title, description, unit string, queries ...query) *timeseries.PanelBuilder {
	panel := timeseries.NewPanelBuilder().Title(title).Description(description).Datasource(source).Unit(unit).
		Span(12).Height(8).ColorScheme(color(dashboard.FieldColorModeIdPaletteClassicByName)).FillOpacity(10).ShowPoints(common.VisibilityModeNever).
		Legend(legend()).Tooltip(common.NewVizTooltipOptionsBuilder().Mode(common.TooltipDisplayModeMulti).Sort(common.SortOrderDescending))
	for i, q := range queries {
		panel.WithTarget(q.over(i))
	}
	return panel
}

// stacked shows how the parts of a whole, which are numbers of something, went.
func stacked(title, description string, q query) *timeseries.PanelBuilder {
	return course(title, description, "short", q).FillOpacity(60).
		Stacking(common.NewStackingConfigBuilder().Mode(common.StackingModeNormal))
}

func legend() *common.VizLegendOptionsBuilder {
	return common.NewVizLegendOptionsBuilder().DisplayMode(common.LegendDisplayModeList).Placement(common.LegendPlacementBottom).ShowLegend(true)
}

// bars shows the latest value of each series.
func bars(title, description, unit string, q query) *bargauge.PanelBuilder {
	return bargauge.NewPanelBuilder().Title(title).Description(description).Datasource(source).Unit(unit).
		Span(12).Height(8).Min(0).Orientation(common.VizOrientationHorizontal).DisplayMode(common.BarGaugeDisplayModeBasic).
		Thresholds(steps(blue)).ColorScheme(color(dashboard.FieldColorModeIdThresholds)).
		ReduceOptions(common.NewReduceDataOptionsBuilder().Calcs([]string{"lastNotNull"})).
		WithTarget(q.now(0))
}

// matrix shows a bar for each value of one label, made of parts for each value of another.
func matrix(title, description, unit, bar, part string, q query) *barchart.PanelBuilder {
	return barchart.NewPanelBuilder().Title(title).Description(description).Datasource(source).Unit(unit).
		Span(12).Height(8).Orientation(common.VizOrientationHorizontal).Stacking(common.StackingModeNormal).
		ShowValue(common.VisibilityModeAuto).FillOpacity(80).
		ColorScheme(color(dashboard.FieldColorModeIdPaletteClassicByName)).Legend(legend()).
		WithTarget(q.rows(0)).
		WithTransformation(dashboard.DataTransformerConfig{Id: "groupingToMatrix", Options: map[string]any{
			"rowField": bar, "columnField": part, "valueField": "Value", "emptyValue": "zero",
		}})
}

// column is one of a table: a label, or the value of a query.
type column struct {
	field, name string
	properties  []dashboard.DynamicConfigValue
}

func unit(name string) dashboard.DynamicConfigValue {
	return dashboard.DynamicConfigValue{Id: "unit", Value: name}
}

// colored has the cells of a column coloured by their values.
func colored(thresholds *dashboard.ThresholdsConfigBuilder) []dashboard.DynamicConfigValue {
	built, err := thresholds.Build()
	if err != nil {
		panic(err) // they are constants
	}
	return []dashboard.DynamicConfigValue{
		{Id: "thresholds", Value: built},
		{Id: "custom.cellOptions", Value: map[string]string{"type": "color-text"}},
	}
}

// list is a table with these columns and no others. The rows of all queries with the same labels are one.
func list(title, description string, columns []column, queries ...query) *table.PanelBuilder {
	panel := table.NewPanelBuilder().Title(title).Description(description).Datasource(source).
		Span(24).Height(10).Filterable(true)
	for i, q := range queries {
		panel.WithTarget(q.rows(i))
	}
	var fields []string
	names, order := map[string]string{}, map[string]int{}
	for i, c := range columns {
		fields = append(fields, c.field)
		names[c.field], order[c.field] = c.name, i
		if len(c.properties) > 0 {
			panel.OverrideByName(c.name, c.properties)
		}
	}
	if len(queries) > 1 {
		panel.WithTransformation(dashboard.DataTransformerConfig{Id: "merge", Options: map[string]any{}})
	}
	return panel.
		WithTransformation(dashboard.DataTransformerConfig{Id: "filterFieldsByName", Options: map[string]any{
			"include": map[string]any{"names": fields},
		}}).
		WithTransformation(dashboard.DataTransformerConfig{Id: "organize", Options: map[string]any{
			"renameByName": names, "indexByName": order, "excludeByName": map[string]bool{},
		}})
}

// paint gives the series of some names their colours.
func paint(colors map[string]string) []cog.Builder[dashboard.DashboardFieldConfigSourceOverrides] {
	var overrides []cog.Builder[dashboard.DashboardFieldConfigSourceOverrides]
	for _, name := range slices.Sorted(maps.Keys(colors)) {
		overrides = append(overrides, dashboard.NewDashboardFieldConfigSourceOverridesBuilder().
			Matcher(dashboard.MatcherConfig{Id: "byName", Options: name}).
			Properties([]dashboard.DynamicConfigValue{{Id: "color", Value: map[string]string{"mode": "fixed", "fixedColor": colors[name]}}}))
	}
	return overrides
}
