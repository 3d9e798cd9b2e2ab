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
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/evaluate"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// Plurals are the names of all kinds, as kubectl has them.
func Plurals() []string {
	var names []string
	for _, kind := range kinds.All {
		names = append(names, kind.Plural)
	}
	return names
}

// ParseKind returns the kind that a word means, which can be written as for kubectl.
func ParseKind(command *cobra.Command, word string) (*kinds.Kind, error) {
	if kind := kinds.Parse(word); kind != nil {
		return kind, nil
	}
	if meant := kinds.Closest(word, kinds.Words()); meant != "" {
		return nil, UsageErrorf(command, "kind %q is not known, did you mean %s?", word, meant)
	}
	return nil, UsageErrorf(command, "kind %q is not known: choose %s", word, strings.Join(Plurals(), ", "))
}

// Target is one object that a command line names.
type Target struct {
	Kind *kinds.Kind
	Name string
}

// ParseTarget reads KIND/NAME, or KIND NAME, from the beginning of the arguments, and returns the other arguments.
func ParseTarget(command *cobra.Command, args []string) (target *Target, rest []string, err error) {
	if len(args) == 0 {
		return nil, nil, UsageErrorf(command, "name an object as KIND/NAME, for instance moment/get-the-money-back")
	}
	word, name, found := strings.Cut(args[0], "/")
	rest = args[1:]
	if !found && len(rest) > 0 {
		name, rest = rest[0], rest[1:]
	}
	if kinds.Parse(word) == nil && !found && name == "" {
		return nil, nil, UsageErrorf(command, "%q is not KIND/NAME: write for instance moment/%s", word, word)
	}
	kind, err := ParseKind(command, word)
	if err != nil {
		return nil, nil, err
	}
	if name == "" {
		return nil, nil, UsageErrorf(command, "which %s? Write %s/NAME", kind.Singular, kind.Singular)
	}
	return &Target{kind, name}, rest, nil
}

// Find looks for an object in all portfolios, where exactly one must have it. look asks one portfolio, and fails with a
// view.NotFoundError where it has no such object.
func Find[T any](in *Input, target *Target, look func(*evaluate.Portfolio) (T, error)) (found T, err error) {
	var missing *view.NotFoundError
	namespaces := map[string]bool{}
	for _, p := range in.Portfolios {
		result, err := look(p)
		switch {
		case errors.As(err, &missing):
		case err != nil:
			return found, err
		default:
			found = result
			namespaces[p.Namespace] = true
		}
	}
	switch len(namespaces) {
	case 1:
		return found, nil
	case 0:
		return found, fmt.Errorf("there is no %s %q%s", target.Kind.Singular, target.Name, suggestion(in.Portfolios, target))
	default:
		return found, fmt.Errorf("%s %q is in namespaces %s: choose one with -n", target.Kind.Singular, target.Name, ListNames(namespaces))
	}
}

// suggestion ends the sentence about a name that does not exist with what was probably meant: the same name of another kind, or a
// similar name.
func suggestion(portfolios []*evaluate.Portfolio, target *Target) string {
	var names []string
	for _, p := range portfolios {
		for _, o := range p.Objects {
			if o.Name == target.Name {
				return fmt.Sprintf(", did you mean %s/%s?", o.Kind.Singular, target.Name)
			}
			if o.Kind == target.Kind {
				names = append(names, o.Name)
			}
		}
	}
	if meant := kinds.Closest(target.Name, names); meant != "" {
		return fmt.Sprintf(", did you mean %s/%s?", target.Kind.Singular, meant)
	}
	if len(names) == 0 {
		return fmt.Sprintf(", nor any other %s", target.Kind.Singular)
	}
	return ""
}
