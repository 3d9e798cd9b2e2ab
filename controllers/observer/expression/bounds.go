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

package expression

import (
	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/ast"
	"github.com/google/cel-go/common/operators"
	"github.com/google/cel-go/common/overloads"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/interpreter"
	"k8s.io/apimachinery/pkg/util/sets"
)

// CEL counts the steps of an evaluation, and stops it when they are too many. But it counts a call when that has been made, and where it
// does not know the types, as here, it takes every call for one step. This file bounds what one call can take.

const (
	// maxCompared is the number of values in what is compared.
	maxCompared = 10_000
	// maxMatched and maxPattern are the longest texts, in bytes, that regular expressions are for, and that they are.
	maxMatched = 4096
	maxPattern = 200
	// bytesPerStep is how much text is gone through in one step.
	bytesPerStep = 10
)

// unbounded are the functions of ext.Strings that can make a text many times as long as those that they are given, or that take more than
// one step for each character of it.
var unbounded = sets.New("charAt", "format", "indexOf", "join", "lastIndexOf", "replace", "strings.quote")

// unboundedCall is the name of such a function that is called; "" where none is.
func unboundedCall(checked *cel.Ast) string {
	found := ""
	ast.PostOrderVisit(checked.NativeRep().Expr(), ast.NewExprVisitor(func(e ast.Expr) {
		if e.Kind() == ast.CallKind && unbounded.Has(e.AsCall().FunctionName()) {
			found = e.AsCall().FunctionName()
		}
	}))
	return found
}

// bounded are the calls of which the arguments are looked at before they are made. Lists in lists may have the same ones in them many
// times, so that a few steps make what takes years to compare.
var bounded = sets.New(operators.Equals, operators.NotEquals, operators.In, overloads.Matches)

// boundCalls decorates the steps of a program.
func boundCalls(step interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	if call, ok := step.(interpreter.InterpretableCall); ok && bounded.Has(call.Function()) && len(call.Args()) == 2 {
		return boundedCall{call}, nil
	}
	return step, nil
}

type boundedCall struct {
	interpreter.InterpretableCall
}

// Exec makes the call, if it does not take too long.
func (c boundedCall) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	a, b := c.Args()[0].Exec(frame), c.Args()[1].Exec(frame)
	switch {
	case types.IsUnknownOrError(a):
		return a
	case types.IsUnknownOrError(b):
		return b
	}
	if c.Function() == overloads.Matches {
		return match(a, b)
	}
	if count(a, maxCompared)+count(b, maxCompared) > maxCompared {
		return types.NewErr("there are more than %d values to compare", maxCompared)
	}
	switch c.Function() {
	case operators.In:
		container, ok := b.(traits.Container)
		if !ok {
			return types.MaybeNoSuchOverloadErr(b)
		}
		return container.Contains(a)
	case operators.NotEquals:
		return types.Bool(types.Equal(a, b) != types.True)
	}
	return types.Equal(a, b)
}

// Eval makes the call for those who know no frames.
func (c boundedCall) Eval(activation interpreter.Activation) ref.Val {
	return c.Exec(interpreter.AsFrame(activation))
}

func match(a, b ref.Val) ref.Val {
	text, isText := a.(types.String)
	pattern, isPattern := b.(types.String)
	switch {
	case !isText || !isPattern:
		return types.MaybeNoSuchOverloadErr(a)
	case len(text) > maxMatched || len(pattern) > maxPattern:
		return types.NewErr("matches is for texts of at most %d bytes, and patterns of %d", maxMatched, maxPattern)
	}
	return text.Match(pattern)
}

// count is the number of values in a value, with itself, or a number above most.
func count(value ref.Val, most int) int {
	n := 1
	switch v := value.(type) {
	case traits.Lister:
		for it := v.Iterator(); n <= most && it.HasNext() == types.True; {
			n += count(it.Next(), most-n)
		}
	case traits.Mapper:
		for it := v.Iterator(); n <= most && it.HasNext() == types.True; {
			n += 1 + count(v.Get(it.Next()), most-n)
		}
	case *types.Optional:
		if v.HasValue() {
			n += count(v.GetValue(), most-n)
		}
	}
	return n
}

// costs counts the steps of calls by what they are given.
type costs struct{}

// CallCost is the number of steps that a call took; nil for one.
func (costs) CallCost(function, _ string, args []ref.Val, _ ref.Val) *uint64 {
	if function == operators.Add {
		if _, internal := args[0].(traits.MutableLister); internal {
			return nil // A comprehension adds an entry to what it makes.
		}
	}
	size := 0
	for _, a := range args {
		switch v := a.(type) {
		case types.String:
			size += len(v)
		case types.Bytes:
			size += len(v)
		case traits.Lister:
			if function == operators.Add {
				length, _ := v.Size().(types.Int)
				size += int(length)
			}
		}
		if bounded.Has(function) {
			size += count(a, maxCompared)
		}
	}
	steps := uint64(1 + size/bytesPerStep)
	return &steps
}
