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

package kinds

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	structuralschema "k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	apiextensionsvalidation "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apimachineryvalidation "k8s.io/apimachinery/pkg/api/validation"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/terminal"
)

// Fault is something in an object that the API server would refuse or silently drop.
type Fault struct {
	// Field is the path of the field, for instance spec.phases[0].name. It is empty if the fault is of the object as a whole.
	Field string
	// Text says what is wrong.
	Text string
}

// admission does with objects of one kind what the API server does on create. It uses the API server's own code.
type admission struct {
	structural *structuralschema.Structural
	// defaults is the part of the schema that has defaults. The status is not in it: an object of a file has none.
	defaults *structuralschema.Structural
	openapi  apiextensionsvalidation.SchemaValidator
	quick    quickCheck
	// rules compiles the CEL rules when the first object gets that far. It returns nil for a kind without rules.
	rules func() *cel.Validator
}

func newAdmission(k *Kind) (*admission, error) {
	d, err := k.definition()
	if err != nil {
		return nil, err
	}
	structural, err := structuralschema.NewStructural(d.schema)
	if err != nil {
		return nil, fmt.Errorf("reading the built-in schema of %s: %w", k.Plural, err)
	}
	openapi, _, err := apiextensionsvalidation.NewSchemaValidator(d.schema)
	if err != nil {
		return nil, fmt.Errorf("reading the built-in schema of %s: %w", k.Plural, err)
	}
	return &admission{
		structural: structural,
		defaults:   withDefaults(withoutStatus(structural)),
		openapi:    openapi,
		quick:      newQuickCheck(d.schema),
		rules: sync.OnceValue(func() *cel.Validator {
			return cel.NewValidator(structural, true, celconfig.PerCallLimit)
		}),
	}, nil
}

// withoutStatus returns a schema for the part of an object that people write.
func withoutStatus(s *structuralschema.Structural) *structuralschema.Structural {
	written := *s
	written.Properties = maps.Clone(s.Properties)
	delete(written.Properties, "status")
	return &written
}

// Admit does with an object what the API server does on create with strict field validation. It refuses unknown fields, fills in the
// defaults, drops the status, sets the generation to 1, and validates the rest. The object must have a namespace; all else is as the
// user wrote it. Admit changes the object, and returns its faults in the order of the fields. There are none if the API server would
// accept the object. An error means that this program is wrong.
func (k *Kind) Admit(ctx context.Context, object map[string]any) (*metav1.ObjectMeta, []Fault, error) {
	a, err := k.admission()
	if err != nil {
		return nil, nil, err
	}
	if meta := a.admitQuickly(ctx, object); meta != nil {
		return meta, nil, nil
	}
	meta, unknown, faults := a.decode(object)
	if len(faults) > 0 {
		return nil, faults, nil
	}
	for _, path := range unknown {
		faults = append(faults, Fault{Field: path, Text: "unknown field" + a.suggestion(path)})
	}
	if len(faults) == 0 {
		faults = fieldFaults(a.validate(ctx, object, meta))
	} else if more := a.validate(ctx, object, meta); len(more) > 0 {
		faults = append(faults, fieldFaults(more)...)
	}
	return meta, faults, nil
}

// decode does what the API server does when it decodes a request.
func (a *admission) decode(object map[string]any) (meta *metav1.ObjectMeta, unknown []string, faults []Fault) {
	meta, found, unknown, err := objectmeta.GetObjectMetaWithOptions(object, objectmeta.ObjectMetaOptions{ReturnUnknownFieldPaths: true})
	if err != nil {
		return nil, nil, []Fault{metadataFault(err)}
	}
	if !found || meta == nil {
		return nil, nil, []Fault{{Field: "metadata.name", Text: "Required value: every object needs a name"}}
	}
	apiVersion, kind := object["apiVersion"], object["kind"]
	options := structuralschema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}
	unknown = append(unknown, pruning.PruneWithOptions(object, a.structural, true, options)...)
	defaulting.PruneNonNullableNullsWithoutDefaults(object, a.structural)
	object["apiVersion"], object["kind"] = apiVersion, kind
	delete(object, "status")
	if meta.Generation == 0 {
		meta.Generation = 1
	}
	meta.ManagedFields = nil
	if err := objectmeta.SetObjectMeta(object, meta); err != nil {
		return nil, nil, []Fault{{Field: "metadata", Text: err.Error()}}
	}
	defaulting.Default(object, a.defaults)
	slices.Sort(unknown)
	return meta, unknown, nil
}

var wrongType = regexp.MustCompile(`cannot unmarshal (\w+) into Go struct field ObjectMeta\.(\S+) of type (.+)$`)

// metadataFault turns an error of the JSON decoder, which speaks of Go types, into words that fit a manifest. The usual mistake is a yes,
// no or number without quotes.
func metadataFault(err error) Fault {
	found := wrongType.FindStringSubmatch(err.Error())
	if found == nil {
		return Fault{Field: "metadata", Text: err.Error()}
	}
	text := fmt.Sprintf("must not be of type %s", found[1])
	if found[3] == "string" {
		text += ": put it in quotes"
	}
	return Fault{Field: "metadata." + found[2], Text: text}
}

func (a *admission) validate(ctx context.Context, object map[string]any, meta *metav1.ObjectMeta) field.ErrorList {
	errs := apimachineryvalidation.ValidateObjectMeta(meta, true, apimachineryvalidation.NameIsDNSSubdomain, field.NewPath("metadata"))
	if !a.quick(object) {
		errs = append(errs, apiextensionsvalidation.ValidateCustomResource(nil, object, a.openapi)...)
		errs = append(errs, listtype.ValidateListSetsAndMaps(nil, a.structural, object)...)
	}
	if slices.ContainsFunc(errs, blocksRules) {
		return errs
	}
	return append(errs, a.broken(ctx, object)...)
}

// broken returns an error for each CEL rule that an object breaks.
func (a *admission) broken(ctx context.Context, object map[string]any) field.ErrorList {
	rules := a.rules()
	if rules == nil {
		return nil
	}
	broken, _ := rules.Validate(ctx, nil, a.structural, object, nil, celconfig.RuntimeCELCostBudget)
	return broken
}

// blocksRules tells whether the API server would not run the CEL rules after this error.
func blocksRules(err *field.Error) bool {
	switch err.Type {
	case field.ErrorTypeNotSupported, field.ErrorTypeRequired, field.ErrorTypeTooLong, field.ErrorTypeTooMany, field.ErrorTypeTypeInvalid:
		return true
	default:
		return false
	}
}

// maxValue is how many characters of a wrong value are quoted.
const maxValue = 80

func fieldFaults(errs field.ErrorList) []Fault {
	faults := make([]Fault, 0, len(errs))
	for _, err := range errs {
		short := *err
		if text, ok := err.BadValue.(string); ok {
			short.BadValue = shorten(text)
		}
		path := strings.TrimPrefix(err.Field, "<nil>")
		text := strings.TrimPrefix(short.ErrorBody(), ": ")
		if err.Type == field.ErrorTypeTooLong {
			// The API server says bytes, but counts characters.
			text = strings.Replace(text, " bytes", " characters", 1)
		}
		faults = append(faults, Fault{Field: path, Text: text})
	}
	slices.SortStableFunc(faults, func(a, b Fault) int { return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Text, b.Text)) })
	return slices.Compact(faults)
}

// shorten cuts a wrong value for a message.
func shorten(text string) string {
	if beginning := terminal.Beginning(text, maxValue); beginning != text {
		return beginning + "..."
	}
	return text
}
