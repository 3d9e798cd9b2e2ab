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
	"regexp"
	"strings"
)

// token is a colour with a meaning, on light and on dark paper.
type token struct{ name, light, dark string }

// tokens are all colours. A test checks that all pairs that text and marks use have the contrast of WCAG AA.
var tokens = []token{
	{"paper", "#ffffff", "#0f141a"},
	{"panel", "#f3f6f8", "#19212a"},
	{"line", "#ccd4db", "#3a4550"},
	{"ink", "#1b2229", "#e8edf2"},
	{"soft", "#55616d", "#a3b0bc"},
	{"head", "#173f52", "#1d4f66"},
	{"headink", "#ffffff", "#ffffff"},
	{"good", "#1a7439", "#46c264"},
	{"goodbg", "#e0f4e6", "#12311d"},
	{"start", "#0b5cad", "#5aa9ff"},
	{"plan", "#a5c9ee", "#24517f"},
	{"bad", "#b3261e", "#ff8a80"},
	{"badbg", "#fcebe9", "#40191a"},
	{"warn", "#8a4b00", "#f2b84b"},
	{"warnbg", "#fff1d6", "#3a2b0d"},
	{"truth", "#6b3fc4", "#c0a3ff"},
	{"goal", "#0b6e66", "#4fd1c5"},
	{"onfill", "#ffffff", "#0f141a"},
}

// pictureRules are the styles of shapes. A $ begins the name of a colour. The rules use no CSS variables, since programs for drawing do not
// understand them in an SVG file.
var pictureRules = []struct{ selector, declarations string }{
	{".picture text", `font-family:"Helvetica Neue",Helvetica,Arial,"Liberation Sans",sans-serif;font-size:11px;fill:$ink`},
	{".picture .s10", "font-size:10px"},
	{".picture .s12", "font-size:12px"},
	{".picture .s13", "font-size:13px"},
	{".picture .s15", "font-size:15px"},
	{".picture .s26", "font-size:26px"},
	{".picture .b", "font-weight:bold"},
	{".picture .i", "font-style:italic"},
	{".picture .mid", "text-anchor:middle"},
	{".picture .end", "text-anchor:end"},
	{".picture .soft", "fill:$soft"},
	{".picture .good", "fill:$good"},
	{".picture .bad", "fill:$bad"},
	{".picture .warn", "fill:$warn"},
	{".picture .truth", "fill:$truth"},
	{".picture .goal", "fill:$goal"},
	{".picture .start", "fill:$start"},
	{".picture .headink", "fill:$headink"},
	{".picture .onfill", "fill:$onfill"},
	// Text over lines has a border in the colour of the paper, so that it stays readable.
	{".picture .halo", "paint-order:stroke;stroke:$paper;stroke-width:3px;stroke-linejoin:round"},
	{".picture .halo-panel", "paint-order:stroke;stroke:$panel;stroke-width:3px;stroke-linejoin:round"},
	{".picture .paper", "fill:$paper"},
	{".picture .panel", "fill:$panel"},
	{".picture .head", "fill:$head"},
	{".picture .rule", "stroke:$line;stroke-width:1;fill:none"},
	{".picture .rule-dots", "stroke:$line;stroke-width:1;stroke-dasharray:2 3;fill:none"},
	{".picture .rule-strong", "stroke:$soft;stroke-width:1;fill:none"},
	{".picture .today", "stroke:$truth;stroke-width:2;fill:none"},
	{".picture .fill-good", "fill:$good"},
	{".picture .fill-bad", "fill:$bad"},
	{".picture .fill-warn", "fill:$warn"},
	{".picture .fill-truth", "fill:$truth"},
	{".picture .fill-ink", "fill:$ink"},
	{".picture .fill-soft", "fill:$soft"},
	{".picture .ring-good", "fill:$paper;stroke:$good;stroke-width:2"},
	{".picture .ring-soft", "fill:$paper;stroke:$soft;stroke-width:2;stroke-dasharray:3 2"},
	{".picture .tick", "fill:none;stroke:$onfill;stroke-width:2"},
	{".picture .bar-white", "fill:$onfill"},
	{".picture .box-good", "fill:$goodbg;stroke:$good"},
	{".picture .box-open", "fill:$paper;stroke:$good"},
	{".picture .box-bad", "fill:$badbg;stroke:$bad"},
	{".picture .box-warn", "fill:$warnbg;stroke:$warn"},
	{".picture .box-soft", "fill:$paper;stroke:$soft;stroke-dasharray:3 2"},
	{".picture .box-truth", "fill:none;stroke:$truth;stroke-width:1.5"},
	{".picture .now", "fill:none;stroke:$ink;stroke-width:2.5"},
	{".picture .now-dot", "fill:$ink;stroke:$paper;stroke-width:1.5"},
	{".picture .wanted", "fill:none;stroke:$goal;stroke-width:2;stroke-dasharray:5 4"},
	{".picture .wanted-dot", "fill:$paper;stroke:$goal;stroke-width:2"},
	{".picture .shade", "fill:$goal;fill-opacity:.13"},
	{".picture .gap", "stroke:$goal;stroke-width:1;stroke-dasharray:1 3"},
	// The states of requirements and work: full, full with stripes, light, outlined, crossed. They can be told apart without colours.
	{".picture .delivered", "fill:$good;stroke:$good"},
	{".picture .inprogress", "fill:$start;stroke:$start"},
	{".picture .planned", "fill:$plan;stroke:$start"},
	{".picture .proposed", "fill:$paper;stroke:$start;stroke-dasharray:3 2"},
	{".picture .unplanned", "fill:$badbg;stroke:$bad"},
	{".picture .late", "fill:none;stroke:$bad;stroke-width:2"},
	{".picture .stripe", "stroke:$bad;stroke-width:1.5;fill:none"},
	{".picture .diamond", "fill:$ink;stroke:$paper"},
	{".picture .diamond-late", "fill:$paper;stroke:$bad;stroke-width:2"},
	{".picture .link", "fill:none;stroke:$soft;stroke-width:1"},
	{".picture .link-tip", "fill:$soft"},
	{".picture .critical", "fill:none;stroke:$truth;stroke-width:2.5"},
	{".picture .critical-team", "fill:none;stroke:$truth;stroke-width:2.5;stroke-dasharray:2 3"},
	{".picture .critical-tip", "fill:$truth"},
	{".picture .critical-bar", "fill:none;stroke:$truth;stroke-width:2.5"},
	{".picture .month", "fill:$plan"},
	{".picture .lane", "fill:$panel"},
	{".picture .chain", "display:none"},
	{".picture .shown", "display:inline"},
}

var tokenName = regexp.MustCompile(`\$[a-z]+`)

// pictureCSS is the style of all drawings. On dark screens it has dark paper; in print, paper is always light.
func pictureCSS() string {
	var light, dark strings.Builder
	for _, rule := range pictureRules {
		light.WriteString(rule.selector + "{" + coloured(rule.declarations, false) + "}\n")
		if strings.Contains(rule.declarations, "$") {
			dark.WriteString(rule.selector + "{" + coloured(onlyColours(rule.declarations), true) + "}\n")
		}
	}
	return light.String() + "@media screen and (prefers-color-scheme:dark){\n" + dark.String() + "}\n"
}

func onlyColours(declarations string) string {
	var kept []string
	for declaration := range strings.SplitSeq(declarations, ";") {
		if strings.Contains(declaration, "$") {
			kept = append(kept, declaration)
		}
	}
	return strings.Join(kept, ";")
}

func coloured(declarations string, dark bool) string {
	return tokenName.ReplaceAllStringFunc(declarations, func(name string) string {
		for _, t := range tokens {
			if t.name == name[1:] && dark {
				return t.dark
			} else if t.name == name[1:] {
				return t.light
			}
		}
		return name
	})
}
