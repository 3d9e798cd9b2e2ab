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
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/timeaxis"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// Roadmap is the joint roadmap, with the chains to draw.
type Roadmap struct {
	*view.Roadmap

	Title string
	// Chains are the critical chains of the moments.
	Chains []view.MomentChain
}

// RoadmapSummary says in a sentence what a roadmap holds.
func RoadmapSummary(r *Roadmap) string {
	items, late := 0, 0
	var last cxv1alpha1.Date
	eachItem(r.Teams, func(i *view.ScheduledItem) {
		items++
		last = max(last, i.Finish)
		if i.Late {
			late++
		}
	})
	words := fmt.Sprintf("%s, %d late.", terminal.Count(items, "item"), late)
	if last != "" {
		words = fmt.Sprintf("%s until %s, %d late.", terminal.Count(items, "item"), last, late)
	}
	if n := len(r.Unscheduled); n > 0 {
		words += fmt.Sprintf(" %s cannot be scheduled.", terminal.Count(n, "item"))
	}
	return words
}

// TeamTitle is what people call a team.
func TeamTitle(t *view.RoadmapTeam) string {
	switch {
	case t.Title != "":
		return t.Title
	case t.Name != "":
		return "Team " + t.Name
	default:
		return "No team"
	}
}

// teamDetails say how much a team can do at once.
func teamDetails(t *view.RoadmapTeam) string {
	if t.Lanes == 0 {
		return "no limit"
	}
	words := terminal.Count(int(t.Lanes), "lane")
	if t.VelocityPercent != 0 {
		words += fmt.Sprintf(" at %d%%", t.VelocityPercent)
	}
	if t.Side != "" {
		words = string(t.Side) + ", " + words
	}
	if len(t.Holidays) > 0 {
		words += ", " + DaysOff(t)
	}
	return words
}

// DaysOff says how many days a team has off that others work on.
func DaysOff(t *view.RoadmapTeam) string { return terminal.Count(len(t.Holidays), "own day") + " off" }

// The measures of a roadmap.
const (
	ganttMargin = 20
	ganttLabels = 300
	ganttRow    = 20
	ganttTeam   = 24
	ganttBar    = 12
	ganttHead   = 46
	ganttValue  = 40
	// ganttRight is the space for the dates behind the last bars.
	ganttRight   = 150
	ganttLeast   = 16
	leastWeeks   = 6
	arrowHead    = 4
	noDateX      = 4
	labelLeading = 22
)

// Gantt draws a roadmap: a lane for each team, with a row for each item.
func Gantt(r *Roadmap, paper Paper) *Drawing {
	return drawGantt(r, paper, r.Title, r.Teams, r.Unscheduled)
}

// GanttSheets draws a roadmap on sheets of A3, on as many as it needs to stay readable. All sheets have the same scale of time.
func GanttSheets(r *Roadmap) []*Drawing {
	sheets := sheetsOf(r.Teams)
	if len(sheets) < 2 {
		return []*Drawing{Gantt(r, A3)}
	}
	var drawings []*Drawing
	for n, teams := range sheets {
		var unscheduled []view.UnscheduledItem
		if n == len(sheets)-1 {
			unscheduled = r.Unscheduled
		}
		title := fmt.Sprintf("%s (sheet %d of %d)", r.Title, n+1, len(sheets))
		drawings = append(drawings, drawGantt(r, A3, title, teams, unscheduled))
	}
	return drawings
}

// sheetRoom is the height on a sheet for all lanes together.
const sheetRoom = 1240

// sheetsOf divides the teams among sheets. A team is split only if it does not fit on one sheet.
func sheetsOf(teams []view.RoadmapTeam) [][]view.RoadmapTeam {
	var sheets [][]view.RoadmapTeam
	room := 0
	add := func(team view.RoadmapTeam) {
		if laneHeight(&team) > room {
			sheets, room = append(sheets, nil), sheetRoom
		}
		last := len(sheets) - 1
		sheets[last] = append(sheets[last], team)
		room -= laneHeight(&team)
	}
	const most = (sheetRoom - ganttTeam) / ganttRow
	for _, team := range teams {
		continued := TeamTitle(&team) + " (continued)"
		for len(team.Items) > most {
			part := team
			part.Items = team.Items[:most]
			add(part)
			team.Items, team.Title = team.Items[most:], continued
		}
		add(team)
	}
	return sheets
}

func laneHeight(team *view.RoadmapTeam) int { return ganttTeam + max(1, len(team.Items))*ganttRow }

func drawGantt(r *Roadmap, paper Paper, title string, teams []view.RoadmapTeam, unscheduled []view.UnscheduledItem) *Drawing {
	d := &ganttDrawing{
		roadmap: r, title: title, teams: teams, unscheduled: unscheduled,
		width: paper.width, rows: map[string]ganttBox{}, chains: stepsOf(r.Chains),
	}
	d.scale()
	y := d.header()
	height := d.place(y + ganttHead + ganttValue)
	d.stripes()
	d.todayLine(y, height)
	d.axis(y, height)
	d.lanes()
	d.links()
	d.bars()
	height = d.outOfTime(height)
	height = d.legend(height + 14)
	return d.drawing("Roadmap: "+title, RoadmapSummary(r)+" As of "+string(r.AsOf)+".", d.width, height+ganttMargin)
}

type ganttDrawing struct {
	canvas
	roadmap *Roadmap
	title   string
	// teams and unscheduled are the parts of the roadmap that this drawing shows.
	teams       []view.RoadmapTeam
	unscheduled []view.UnscheduledItem
	width       int
	time        timeaxis.Axis
	today       cxv1alpha1.Date
	// rows are the places of the items, by name.
	rows map[string]ganttBox
	// lanesAt are the places of the teams.
	lanesAt []ganttLane
	chains  *chainSteps
}

type ganttBox struct {
	item       *view.ScheduledItem
	x, y, last int
}

type ganttLane struct {
	team      *view.RoadmapTeam
	y, height int
}

// isCritical tells whether a chain is highlighted at first, before the user chooses another. It is, if its moment is late or the last one
// of its journey.
func isCritical(c *view.MomentChain) bool { return c.Last || c.LateDays > 0 }

// scale decides which days the chart shows, and how wide a day is.
func (d *ganttDrawing) scale() {
	d.today = d.roadmap.AsOf
	if !d.today.IsValid() {
		d.today = cxv1alpha1.MinDate // Without a day there is no forecast, and no bar to draw.
	}
	var work []timeaxis.Work
	eachItem(d.roadmap.Teams, func(i *view.ScheduledItem) {
		work = append(work, timeaxis.Work{Finish: i.Finish, Target: i.Target})
	})
	first, last := timeaxis.Fit(d.today, leastWeeks, work)
	end := last.AddDays(1)
	d.time = timeaxis.New(first, end, d.width-2*ganttMargin-ganttLabels-ganttRight, first.DaysUntil(end))
}

func eachItem(teams []view.RoadmapTeam, visit func(*view.ScheduledItem)) {
	for n := range teams {
		for k := range teams[n].Items {
			visit(&teams[n].Items[k])
		}
	}
}

// left is the x of the beginning of the first day.
func (d *ganttDrawing) left() int { return ganttMargin + ganttLabels }

// x is the x of the beginning of a day.
func (d *ganttDrawing) x(day cxv1alpha1.Date) int { return d.left() + d.time.Position(day) }

// right is the x of the end of the last day.
func (d *ganttDrawing) right() int { return d.x(d.time.End) }

func (d *ganttDrawing) header() int {
	r := d.roadmap
	d.text("b s26", ganttMargin, ganttMargin+24, fontHeadline.cut(d.title, d.width-2*ganttMargin))
	y := ganttMargin + 46
	lines := fontGoal.wrap("As of "+string(r.AsOf)+". "+RoadmapSummary(r), d.width-2*ganttMargin, 2)
	if r.Problem != "" {
		lines = append(lines, fontGoal.wrap("The planning policy has a problem: "+r.Problem, d.width-2*ganttMargin, 3)...)
	}
	d.lines("s13 soft", ganttMargin, y, leadingGoal, lines)
	return y + len(lines)*leadingGoal
}

// place gives all items their rows. It returns the y of the end of the last one.
func (d *ganttDrawing) place(y int) int {
	for n := range d.teams {
		team := &d.teams[n]
		lane := ganttLane{team: team, y: y, height: laneHeight(team)}
		y += ganttTeam
		for k := range team.Items {
			i := &team.Items[k]
			box := ganttBox{item: i, y: y, x: d.left(), last: d.left()}
			if i.Start.IsValid() && i.Finish.IsValid() {
				box.x, box.last = d.x(i.Start), max(d.x(i.Finish.AddDays(1)), d.x(i.Start)+noDateX)
			}
			d.rows[i.Name] = box
			y += ganttRow
		}
		y = lane.y + lane.height
		d.lanesAt = append(d.lanesAt, lane)
	}
	return y
}

// axis draws the months, and for each month the part of the customer value that is there at its end.
func (d *ganttDrawing) axis(y, bottom int) {
	percents := map[string]int32{}
	for _, f := range d.roadmap.Forecast {
		percents[f.Month] = f.DeliveredPercent
	}
	d.text("b soft", ganttMargin, y+ganttHead-8, "Item")
	if len(percents) > 0 {
		d.text("soft", ganttMargin, y+ganttHead+ganttValue-12, "Customer value that is there at the month's end")
	}
	step := d.monthStep()
	for tick := range d.time.Months(step) {
		from, to := max(tick.From, d.time.First), min(tick.To, d.time.End)
		d.month(from, to, y, bottom)
		if step == 1 {
			d.monthValue(percents, from, to, y+ganttHead)
		}
	}
	d.line("rule", d.right(), y+ganttHead-22, d.right(), bottom)
}

// monthStep is how many months one label on the axis stands for, so that the labels fit.
func (d *ganttDrawing) monthStep() int {
	months := max(1, d.time.Days()/30)
	room := (d.right() - d.left()) / months
	for _, step := range []int{1, 3, 6} {
		if room*step >= ganttLeast*2 {
			return step
		}
	}
	return max(12, (12*120*ganttLeast)/max(1, d.right()-d.left()))
}

func (d *ganttDrawing) month(from, to cxv1alpha1.Date, y, bottom int) {
	x := d.x(from)
	if d.right()-x > ganttLeast/2 {
		// Close to the end of the chart no line is needed: there is one at the end.
		d.line("rule", x, y+ganttHead-22, x, bottom)
	}
	if room := d.x(to) - x; room > fontTextBold.width("Dec")+4 {
		d.text("b halo", x+5, y+ganttHead-8, from.Format("Jan"))
	}
	january := from.Format("Jan") == "Jan"
	if january || from == d.time.First {
		if january || d.x(to)-x > fontTextBold.width("2000")+8 {
			d.text("b soft", x+5, y+ganttHead-24, from.Format("2006"))
		}
	}
}

// monthValue draws a column whose height is the customer value at the end of the month.
func (d *ganttDrawing) monthValue(percents map[string]int32, from, to cxv1alpha1.Date, y int) {
	value, known := percents[from.Month()]
	x, room := d.x(from), d.x(to)-d.x(from)
	if !known || room < fontSmall.width("100%") {
		return
	}
	height := int(value) * (ganttValue - 18) / 100
	d.rect("month", x+2, y+ganttValue-4-height, room-4, height, 0)
	d.text("s10 mid halo", x+room/2, y+ganttValue-7-height, fmt.Sprintf("%d%%", value))
}

// stripes draws a background for every second lane, so that lanes can be told apart, and shades the days that only one team has off.
func (d *ganttDrawing) stripes() {
	for n, lane := range d.lanesAt {
		if n%2 == 0 {
			d.rect("lane", ganttMargin, lane.y, d.width-2*ganttMargin, lane.height, 0)
		}
		for _, day := range lane.team.Holidays {
			if day < d.time.End {
				d.rect("shade", d.x(day), lane.y, max(1, d.x(day.AddDays(1))-d.x(day)), lane.height, 0)
			}
		}
	}
}

// lanes draws the teams with the names of their items.
func (d *ganttDrawing) lanes() {
	for _, lane := range d.lanesAt {
		d.line("rule-strong", ganttMargin, lane.y, d.width-ganttMargin, lane.y)
		title := fontTitle.cut(TeamTitle(lane.team), ganttLabels+100)
		d.text("b s12 halo-panel", ganttMargin+4, lane.y+16, title)
		d.text("soft halo-panel", ganttMargin+14+fontTitle.width(title), lane.y+16, teamDetails(lane.team))
		if len(lane.team.Items) == 0 {
			d.text("i soft", ganttMargin+34, lane.y+ganttTeam+14, "Nothing is scheduled.")
		}
		for k := range lane.team.Items {
			i := &lane.team.Items[k]
			y := lane.y + ganttTeam + k*ganttRow
			if k > 0 {
				d.line("rule-dots", ganttMargin+34, y, d.right(), y)
			}
			d.text("soft end", ganttMargin+26, y+14, strconv.Itoa(int(i.Rank)))
			d.text("", ganttMargin+34, y+14, fontText.cut(i.Title, ganttLabels-42))
		}
	}
}

// chainClass is the class of all elements on chain n.
func chainClass(n int) string { return fmt.Sprintf("k%d", n) }

// choosable is how many chains the user can choose from. In a longer list nobody would find anything.
const choosable = 100

// chainSteps are the steps of all chains, in the order of the chains. A step leads from an item to the one that waits for it.
type chainSteps struct {
	steps [][2]string
	// shown are the steps and items that are highlighted at first, before the user chooses a chain.
	shown map[[2]string]bool
	// classes of steps and items. An item is a step from "" to the item.
	classes map[[2]string][]string
}

func stepsOf(chains []view.MomentChain) *chainSteps {
	s := &chainSteps{shown: map[[2]string]bool{}, classes: map[[2]string][]string{}}
	seen := map[[2]string]bool{}
	for n := range chains {
		before := ""
		for _, item := range chains[n].Items {
			step := [2]string{before, item}
			if before != "" && !seen[step] {
				seen[step] = true
				s.steps = append(s.steps, step)
			}
			if isCritical(&chains[n]) {
				s.shown[step], s.shown[[2]string{"", item}] = true, true
			}
			if n < choosable {
				s.classes[[2]string{"", item}] = append(s.classes[[2]string{"", item}], chainClass(n))
				if before != "" {
					s.classes[step] = append(s.classes[step], chainClass(n))
				}
			}
			before = item
		}
	}
	return s
}

// class returns the classes of a step or an item: whether it is highlighted, and on which chains it is.
func (s *chainSteps) class(step [2]string) string {
	class := "chain"
	if s.shown[step] {
		class += " shown"
	}
	return strings.Join(append([]string{class}, s.classes[step]...), " ")
}

// links draws an arrow from each item to each item that waits for it. Then it draws the chains, over these arrows.
func (d *ganttDrawing) links() {
	eachItem(d.teams, func(i *view.ScheduledItem) {
		for _, name := range i.WaitsFor {
			if before, drawn := d.rows[name]; drawn {
				d.arrow("link", "link-tip", before, d.rows[i.Name])
			}
		}
	})
	for _, step := range d.chains.steps {
		from, known := d.rows[step[0]]
		to, alsoKnown := d.rows[step[1]]
		if !known || !alsoKnown {
			continue
		}
		class := "critical"
		if !slices.Contains(to.item.WaitsFor, step[0]) {
			// It does not wait for the item before, only for its team.
			class = "critical-team"
		}
		d.add(`<g class="%s">`, d.chains.class(step))
		d.arrow(class, "critical-tip", from, to)
		d.end()
	}
}

// arrow draws an arrow from the end of a bar to the beginning of another, which never begins earlier. The line goes down or up first, then
// right, since the space before the second bar is free.
func (d *ganttDrawing) arrow(class, tip string, from, to ganttBox) {
	x, y := from.last, from.y+ganttRow/2
	end := to.y + ganttRow/2
	// Begin at the corner of the bar, so that lines from several bars do not cover each other.
	x -= 2
	start := y + ganttBar/2
	if end < y {
		start = y - ganttBar/2
	}
	if to.x-x < arrowHead+3 {
		// The second bar is right below or above: the tip points down or up.
		edge, back := end-ganttBar/2, -arrowHead-1
		if end < y {
			edge, back = end+ganttBar/2, arrowHead+1
		}
		x = max(x, to.x+2)
		d.path(class, "M", x, start, "V", edge+back)
		d.path(tip, "M", x, edge, "l", -arrowHead, back, "h", 2*arrowHead, "z")
		return
	}
	d.path(class, "M", x, start, "V", end, "H", to.x-arrowHead-1)
	d.path(tip, "M", to.x, end, "l", -arrowHead-2, -arrowHead, "v", 2*arrowHead, "z")
}

var itemClasses = map[cxv1alpha1.ItemState]string{
	cxv1alpha1.StateInProgress: classInProgress, cxv1alpha1.StatePlanned: classPlanned, cxv1alpha1.StateProposed: classProposed,
}

func (d *ganttDrawing) bars() {
	eachItem(d.teams, func(i *view.ScheduledItem) { d.bar(d.rows[i.Name]) })
}

// bar draws an item: its bar, the late part of it, its target and the day on which it is finished.
func (d *ganttDrawing) bar(box ganttBox) {
	i := box.item
	d.begin("item", i.Name, itemTip(i))
	defer d.end()
	if i.Start == "" {
		d.text("i soft", box.x+noDateX, box.y+14, "no forecast")
		return
	}
	y := box.y + (ganttRow-ganttBar)/2
	d.filled(itemClasses[i.State], box.x, y, box.last-box.x, ganttBar)
	hasTarget := i.Target.IsValid()
	if i.Late && hasTarget {
		d.lateness(max(box.x, min(d.x(max(i.Target.AddDays(1), d.time.First)), box.last-2)), y, box.last)
	}
	if step := [2]string{"", i.Name}; d.chains.shown[step] || len(d.chains.classes[step]) > 0 {
		d.add(`<rect class="critical-bar %s" x="%d" y="%d" width="%d" height="%d" rx="2"/>`,
			d.chains.class(step), box.x-2, y-2, box.last-box.x+4, ganttBar+4)
	}
	end := box.last
	if hasTarget {
		end = max(end, d.target(i, box.y+ganttRow/2))
	}
	words, class := string(i.Finish), "s10 halo"
	if i.Late {
		words, class = fmt.Sprintf("%s, %d days late", i.Finish, i.LateDays), "s10 b bad halo"
	}
	if between := d.x(i.Target) - box.last; hasTarget && !i.Late && between > fontSmall.width(words)+16 {
		end = box.last
	}
	d.text(class, end+8, box.y+14, words)
}

// lateness marks the part of a bar that is after the target.
func (d *ganttDrawing) lateness(from, y, to int) {
	d.rect("late", from, y, to-from, ganttBar, 0)
	for x := from + 4; x+3 < to; x += 7 {
		d.line("stripe", x, y+ganttBar-1, x+3, y+1)
	}
}

// target marks the target date of an item. It returns the x of the end of the mark.
func (d *ganttDrawing) target(i *view.ScheduledItem, y int) int {
	sign := signTarget
	if i.Late {
		sign = signTargetLate
	}
	x := d.x(max(i.Target, d.time.First))
	if i.Target >= d.time.End {
		d.text("b soft", d.right()+ganttRight-76, y+4, "◆ "+string(i.Target))
		return 0
	}
	d.mark(sign, x, y)
	return x + 4
}

// itemTip is the text that shows when somebody points at an item. It holds all that is known of it.
func itemTip(i *view.ScheduledItem) string {
	words := fmt.Sprintf("%d. %s (%s): %s", i.Rank, i.Title, i.Name, i.State)
	if i.Start != "" {
		words += fmt.Sprintf(", %s to %s", i.Start, i.Finish)
	}
	if i.Target != "" {
		words += ", target " + string(i.Target)
	}
	if i.Late {
		words += fmt.Sprintf(", %s late", terminal.Count(int(i.LateDays), "day"))
	}
	if len(i.WaitsFor) > 0 {
		words += ", after " + strings.Join(waitWords(i), ", ")
	}
	return words
}

// waitWords name what comes directly before an item, and how long it waits after that.
func waitWords(i *view.ScheduledItem) []string {
	all := slices.Clone(i.WaitsFor)
	for n, name := range i.WaitsFor {
		if days := i.LagDays[name]; days > 0 {
			all[n] += " and " + terminal.Count(int(days), "workday") + " more"
		}
	}
	return all
}

// todayLine draws the line of today. It must be drawn before the names and numbers on it, so that they stay readable.
func (d *ganttDrawing) todayLine(y, bottom int) {
	x := d.x(d.today)
	d.line("today", x, y+ganttHead-10, x, bottom)
	d.text("b s10 truth end", d.left()-6, y+ganttHead-8, "today")
}

// outOfTime lists the items that cannot be scheduled.
func (d *ganttDrawing) outOfTime(y int) int {
	items := d.unscheduled
	if len(items) == 0 {
		d.line("rule-strong", ganttMargin, y, d.width-ganttMargin, y)
		return y
	}
	d.line("rule-strong", ganttMargin, y, d.width-ganttMargin, y)
	d.text("b s12 bad", ganttMargin+4, y+16, "Cannot be scheduled")
	y += ganttTeam
	for n := range items {
		i := &items[n]
		d.begin("item", i.Name, i.Title+": "+i.Message)
		d.text("", ganttMargin+34, y+14, fontText.cut(i.Title, ganttLabels-42))
		d.text("bad", ganttMargin+ganttLabels+5, y+14, fontText.cut(i.Message, d.width-2*ganttMargin-ganttLabels-10))
		d.end()
		y += ganttRow
	}
	d.line("rule-strong", ganttMargin, y, d.width-ganttMargin, y)
	return y
}

func (d *ganttDrawing) legend(y int) int {
	x := ganttMargin
	entry := func(draw func(x, y int), width int, words string) {
		needed := width + 6 + fontText.width(words) + 20
		if x+needed > d.width-ganttMargin && x > ganttMargin {
			x, y = ganttMargin, y+labelLeading
		}
		draw(x, y)
		d.text("", x+width+6, y+11, words)
		x += needed
	}
	bar := func(class string) func(x, y int) {
		return func(x, y int) { d.filled(class, x, y+1, 30, ganttBar) }
	}
	entry(bar(classInProgress), 30, "in progress")
	entry(bar(classPlanned), 30, "planned")
	entry(bar(classProposed), 30, "proposed")
	entry(func(x, y int) { d.filled(classPlanned, x, y+1, 30, ganttBar); d.lateness(x+12, y+1, x+30) }, 30, "after its target")
	entry(func(x, y int) { d.mark(signTarget, x+7, y+7) }, 14, "target date")
	entry(func(x, y int) { d.mark(signTargetLate, x+7, y+7) }, 14, "target that is missed")
	entry(func(x, y int) {
		d.path("link", "M", x, y+7, "h", 24)
		d.path("link-tip", "M", x+30, y+7, "l", -6, -4, "v", 8, "z")
	}, 30, "waits for")
	entry(func(x, y int) {
		d.path("critical", "M", x, y+7, "h", 24)
		d.path("critical-tip", "M", x+30, y+7, "l", -6, -4, "v", 8, "z")
		d.rect("critical-bar", x+32, y+1, 14, ganttBar, 2)
	}, 48, "critical chain: decides when the last moment of a journey, or a late one, is there")
	entry(func(x, y int) { d.path("critical-team", "M", x, y+7, "h", 30) }, 30, "on it: waits for its team")
	return y + 16
}
