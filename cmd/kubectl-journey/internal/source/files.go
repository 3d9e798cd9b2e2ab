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

package source

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/parallel"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Files is what ReadFiles found.
type Files struct {
	Objects []*Object
	// Notes tell the user what was skipped, and what may be a surprise.
	Notes []string
}

// ReadFiles reads the objects in files, in folders and the folders below them, and in standard input. It returns them as the API
// server would store them: with defaults, and validated with the API server's own code. Objects without a namespace get the given one.
// If anything is wrong, ReadFiles returns no objects, and all faults together as InputErrors.
func ReadFiles(ctx context.Context, paths []string, stdin io.Reader, namespace string) (*Files, error) {
	return readFiles(ctx, paths, stdin, func(c candidate) (result[*Object], error) { return c.admit(ctx, namespace) })
}

// ReadTyped does the same as ReadFiles, but its objects have no Content. Content takes most of the memory of a large portfolio.
func ReadTyped(ctx context.Context, paths []string, stdin io.Reader, namespace string) (*Files, error) {
	return readFiles(ctx, paths, stdin, func(c candidate) (result[*Object], error) { return c.admitTyped(ctx, namespace) })
}

// admitter makes an object of a candidate. An error means that this program is wrong, not the input.
type admitter func(candidate) (result[*Object], error)

func readFiles(ctx context.Context, paths []string, stdin io.Reader, admit admitter) (*Files, error) {
	files, faults := findFiles(paths)
	var documents []document
	split, err := parallel.Map(files, func(f file) (result[[]document], error) { return readFile(ctx, f, stdin), ctx.Err() })
	if err != nil {
		return nil, err
	}
	for _, r := range split {
		documents = append(documents, r.value...)
		faults = append(faults, r.faults...)
	}

	// Take each document from text to object in one go, so that the values in between need not be kept in memory for all of them.
	read, err := parallel.Map(documents, func(d document) (content, error) { return d.read(ctx, admit) })
	if err != nil {
		return nil, err
	}
	all := harvest{objects: make([]*Object, 0, len(documents)), faults: faults}
	for i := range read {
		all.add(&read[i])
	}
	return all.files(paths, files, nil)
}

// harvest is what was found in all documents together.
type harvest struct {
	objects []*Object
	// skipped counts the objects of other kinds than ours, by kind.
	skipped map[string]int
	notes   []string
	faults  []Fault
}

func (h *harvest) add(c *content) {
	h.objects = append(h.objects, c.objects...)
	h.notes = append(h.notes, c.notes...)
	h.faults = append(h.faults, c.faults...)
	for _, kind := range c.foreign {
		if h.skipped == nil {
			h.skipped = map[string]int{}
		}
		h.skipped[kind]++
	}
}

// files returns the objects, or all faults in the order in which the files were read. missing are notes about places that do not exist.
func (h *harvest) files(places []string, order []file, missing []string) (*Files, error) {
	if h.faults = append(h.faults, duplicates(h.objects)...); len(h.faults) > 0 {
		return nil, InputErrors(inOrder(h.faults, order))
	}
	if len(h.objects) == 0 && len(missing) == 0 {
		return nil, fmt.Errorf("there are no objects of %s in %s%s", expected(), terminal.Line(strings.Join(places, ", ")), found(h.skipped))
	}
	return &Files{Objects: h.objects, Notes: slices.Concat(missing, h.notes, notes(h.skipped))}, nil
}

// content is what was found in one document.
type content struct {
	objects []*Object
	// foreign are the kinds of objects that are not ours.
	foreign []string
	// notes tell the user what may be a surprise.
	notes  []string
	faults []Fault
}

func (d document) read(ctx context.Context, admit admitter) (content, error) {
	if ctx.Err() != nil {
		return content{}, context.Cause(ctx)
	}
	candidates := d.candidates()
	read := content{notes: d.noteMerges(), faults: candidates.faults}
	for _, c := range candidates.value {
		if c.kind == nil {
			read.foreign = append(read.foreign, c.foreign())
			continue
		}
		admitted, err := admit(c)
		if err != nil {
			return content{}, err
		}
		read.faults = append(read.faults, admitted.faults...)
		if admitted.value != nil {
			read.objects = append(read.objects, admitted.value)
		}
	}
	return read, nil
}

// expected is the apiVersion that objects in the files should have.
func expected() string { return kinds.APIVersion() }

func found(skipped map[string]int) string {
	if len(skipped) == 0 {
		return ""
	}
	return ", only other kinds: " + counts(skipped)
}

// notes tells what was passed over, but for objects of the cluster that belong to journeys: these are meant to stand there.
func notes(skipped map[string]int) []string {
	skipped = maps.Clone(skipped)
	maps.DeleteFunc(skipped, func(name string, _ int) bool { return strings.HasSuffix(name, "("+expected()+")") })
	if len(skipped) == 0 {
		return nil
	}
	hint := ""
	for _, name := range slices.Sorted(maps.Keys(skipped)) {
		if kind, _, _ := strings.Cut(name, " "); kinds.ByName(kind) != nil && hint == "" {
			hint = fmt.Sprintf(" (a %s of journeys has apiVersion %s)", kind, expected())
		}
	}
	return []string{"passed over what is not of " + cxv1alpha1.GroupVersion.Group + ": " + counts(skipped) + hint}
}

// maxKinds is the number of other kinds that a note names.
const maxKinds = 10

func counts(skipped map[string]int) string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(skipped)) {
		if len(parts) == maxKinds {
			parts = append(parts, "...")
			break
		}
		part := terminal.Line(kind)
		if n := skipped[kind]; n > 1 {
			part = fmt.Sprintf("%d x %s", n, part)
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, ", ")
}

func readFile(ctx context.Context, f file, stdin io.Reader) result[[]document] {
	name, content, err := f.read(ctx, stdin)
	if err != nil {
		return result[[]document]{faults: []Fault{{Place: Place{File: name}, Text: PathProblem(f.path, err)}}}
	}
	documents, faults := splitObjects(name, content)
	// A file with nothing but comments is harmless in a folder. It is a mistake if the user named the file.
	if len(documents) == 0 && len(faults) == 0 && f.given {
		faults = append(faults, Fault{Place: Place{File: name}, Text: f.emptiness()})
	}
	return result[[]document]{value: documents, faults: faults}
}

// result is what was made of one piece of input: a value, or faults.
type result[T any] struct {
	value  T
	faults []Fault
}

// candidate is an object as it is written in a document. Only its kind is known yet, not whether it is valid.
type candidate struct {
	document document
	// path leads to the object, if the document is a list.
	path    []string
	content map[string]any
	// kind is nil if the object is of a kind that is not ours.
	kind *kinds.Kind
}

func (c candidate) foreign() string {
	return fmt.Sprintf("%v (%v)", shortText(c.content["kind"]), shortText(c.content["apiVersion"]))
}

func shortText(value any) string {
	text := fmt.Sprint(value)
	if beginning := terminal.Beginning(text, 100); beginning != text {
		return beginning + "..."
	}
	return text
}

func (d document) candidates() result[[]candidate] {
	value, faults := d.decode()
	if len(faults) > 0 || value == nil {
		return result[[]candidate]{faults: faults}
	}
	return d.expand(value, nil, "")
}

// expand returns the objects in a value: the value itself, or its items if it is a list. An item of a typed list, such as a MomentList,
// may leave out its kind. Then it is of the implied kind.
func (d document) expand(value any, path []string, implied string) result[[]candidate] {
	wrong := func(field, text string, args ...any) result[[]candidate] {
		return result[[]candidate]{faults: []Fault{{Place: d.locate(path, field), Text: fmt.Sprintf(text, args...)}}}
	}
	content, ok := value.(map[string]any)
	if !ok {
		return wrong("", "expected an object with apiVersion, kind and metadata, found %s", describeValue(value))
	}
	if implied != "" && content["kind"] == nil && content["apiVersion"] == nil {
		content["kind"], content["apiVersion"] = implied, expected()
	}
	kind, _ := content["kind"].(string)
	apiVersion, _ := content["apiVersion"].(string)
	if kind == "" || apiVersion == "" {
		return wrong("", "this is no Kubernetes object: it lacks %s", missing(kind, apiVersion))
	}
	if apiVersion == "v1" && kind == "List" {
		return d.expandItems(content, path, "")
	}
	group, version, _ := strings.Cut(apiVersion, "/")
	if group != cxv1alpha1.GroupVersion.Group {
		return result[[]candidate]{value: []candidate{{document: d, path: path, content: content}}}
	}
	if version != cxv1alpha1.GroupVersion.Version {
		return wrong("apiVersion", "apiVersion %q is not known: write %s", shortText(apiVersion), expected())
	}
	if item, isList := strings.CutSuffix(kind, "List"); isList && (kinds.ByName(item) != nil || isOfCluster(item)) {
		return d.expandItems(content, path, item)
	}
	known := kinds.ByName(kind)
	if known == nil && isOfCluster(kind) {
		return result[[]candidate]{value: []candidate{{document: d, path: path, content: content}}}
	}
	if known == nil {
		return wrong("kind", "kind %q is not known: %s has %s", shortText(kind), cxv1alpha1.GroupVersion.Group, strings.Join(kinds.Names(), ", "))
	}
	return result[[]candidate]{value: []candidate{{document: d, path: path, content: content, kind: known}}}
}

// isOfCluster tells whether a kind is outside any namespace, such as Source. Objects of it stand in the same repositories as portfolios, and
// are no part of them.
func isOfCluster(kind string) bool {
	return slices.ContainsFunc(cxv1alpha1.ClusterKinds, func(k *cxv1alpha1.Kind) bool { return k.Name == kind })
}

func (d document) expandItems(list map[string]any, path []string, implied string) result[[]candidate] {
	items, ok := list["items"].([]any)
	if !ok && list["items"] != nil {
		return result[[]candidate]{faults: []Fault{{Place: d.locate(path, "items"), Text: "items must be a list, not " + describeValue(list["items"])}}}
	}
	var all result[[]candidate]
	for i, item := range items {
		one := d.expand(item, append(slices.Clone(path), "items", strconv.Itoa(i)), implied)
		all.value = append(all.value, one.value...)
		all.faults = append(all.faults, one.faults...)
	}
	return all
}

func missing(kind, apiVersion string) string {
	switch {
	case kind == "" && apiVersion == "":
		return "apiVersion and kind"
	case kind == "":
		return "kind"
	default:
		return "apiVersion"
	}
}

func describeValue(value any) string {
	switch value.(type) {
	case nil:
		return "nothing"
	case map[string]any:
		return "an object"
	case []any:
		return "a list"
	case string:
		return "text"
	case bool:
		return "true or false"
	default:
		return "a number"
	}
}

// complete does with the content of a candidate what the API server does on create, and returns its faults.
func (c candidate) complete(ctx context.Context, namespace string) ([]Fault, error) {
	name := ""
	if metadata, ok := c.content["metadata"].(map[string]any); ok {
		name, _ = metadata["name"].(string)
		if given := metadata["namespace"]; given == nil || given == "" {
			metadata["namespace"] = namespace
		}
	}
	_, problems, err := c.kind.Admit(ctx, c.content)
	return c.faults(name, problems), err
}

// admit makes an object of a candidate, as the API server does on create.
func (c candidate) admit(ctx context.Context, namespace string) (result[*Object], error) {
	faults, err := c.complete(ctx, namespace)
	if err != nil || len(faults) > 0 {
		return result[*Object]{faults: faults}, err
	}
	object, err := newObject(c.kind, c.content)
	if err != nil {
		return result[*Object]{}, err
	}
	// Do not keep the candidate itself: it would keep the content in memory.
	object.from = &origin{document: c.document, path: c.path}
	object.place = object.from.place
	return result[*Object]{value: object}, nil
}

// admitTyped does the same as admit, but leaves the Content of the object out.
func (c candidate) admitTyped(ctx context.Context, namespace string) (result[*Object], error) {
	admitted, err := c.admit(ctx, namespace)
	if o := admitted.value; o != nil {
		o.Content = nil
		o.again = func() (map[string]any, error) { return o.readAgain(ctx) }
	}
	return admitted, err
}

func (c candidate) faults(name string, problems []kinds.Fault) []Fault {
	var faults []Fault
	for _, p := range problems {
		text := p.Text
		if helmAction.MatchString(text) {
			text += ": " + helmHint
		}
		faults = append(faults, Fault{
			Place:  c.document.locate(c.path, p.Field),
			Object: describe(c.kind.Name, shortText(name)),
			Field:  p.Field,
			Text:   text,
		})
	}
	return faults
}

// duplicates returns a fault for each object that is there more than once.
func duplicates(objects []*Object) []Fault {
	type id struct{ kind, namespace, name string }
	first := make(map[id]*Object, len(objects))
	var faults []Fault
	for _, o := range objects {
		key := id{o.Kind.Name, o.Namespace, o.Name}
		if other, ok := first[key]; ok {
			faults = append(faults, Fault{
				Place:  o.Place(),
				Object: describe(o.Kind.Name, o.Name),
				Text:   fmt.Sprintf("it is there twice, also at %s: remove or rename one", other.Place()),
			})
			continue
		}
		first[key] = o
	}
	return faults
}

// inOrder sorts faults in the order of the input: by file in the order of reading, then by line.
func inOrder(faults []Fault, files []file) []Fault {
	order := map[string]int{}
	for i, f := range files {
		name := f.path
		if name == Stdin {
			name = stdinName
		}
		order[name] = i
	}
	slices.SortStableFunc(faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(order[a.Place.File], order[b.Place.File]), cmp.Compare(a.Place.Line, b.Place.Line))
	})
	return faults
}
