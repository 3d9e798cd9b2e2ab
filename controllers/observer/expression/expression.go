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

// Package expression has the CEL expressions of Sources and checks: compiled once, and bounded in what they take.
package expression

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/ext"
	"k8s.io/apiserver/pkg/cel/library"
	"k8s.io/utils/lru"
)

const (
	// costLimit bounds the steps of an evaluation, some thousandths of a second. A list of some thousand entries can be gone through.
	costLimit = 200_000
	// timeLimit bounds an evaluation where the machine is slow.
	timeLimit = 10 * time.Second
	// interruptFrequency is the number of rounds of a comprehension after which it looks whether it should end.
	interruptFrequency = 100
	// remembered is the number of compiled expressions that are kept.
	remembered = 2048
)

// Program is a compiled expression.
type Program struct {
	program  cel.Program
	variable string
}

// Compile returns the program of an expression over one variable, which may hold anything. The error is one line.
func Compile(variable, text string) (*Program, error) {
	key := [2]string{variable, text}
	if known, ok := compiled.Get(key); ok {
		c := known.(outcome)
		return c.program, c.err
	}
	program, err := compile(variable, text)
	compiled.Add(key, outcome{program, err})
	return program, err
}

// outcome of a compilation, good or bad.
type outcome struct {
	program *Program
	err     error
}

var compiled = lru.New(remembered)

func compile(variable, text string) (*Program, error) {
	base, err := baseEnv()
	if err != nil {
		return nil, err
	}
	env, err := base.Extend(cel.Variable(variable, cel.DynType))
	if err != nil {
		return nil, err
	}
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		// One line is enough: the rest draws an arrow under the text.
		first, _, _ := strings.Cut(issues.Err().Error(), "\n")
		return nil, errors.New(strings.TrimPrefix(first, "ERROR: "))
	}
	if name := unboundedCall(ast); name != "" {
		return nil, fmt.Errorf("%s is not to be had here: it can take very long", name)
	}
	program, err := env.Program(ast, cel.CostLimit(costLimit), cel.CostTracking(costs{}), cel.CustomDecoratorV2(boundCalls),
		cel.InterruptCheckFrequency(interruptFrequency))
	if err != nil {
		return nil, err
	}
	return &Program{program, variable}, nil
}

// baseEnv has what expressions can use: the language, and of what the API server lets its rules use that which looks at single values.
var baseEnv = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.DefaultUTCTimeZone(true),
		cel.CrossTypeNumericComparisons(true),
		cel.OptionalTypes(),
		ext.Strings(ext.StringsVersion(2)),
		library.Quantity(),
		library.SemverLib(),
	)
})

// Run evaluates the expression. The error may have values of the variable in it.
func (p *Program) Run(ctx context.Context, value any) (ref.Val, error) {
	ctx, cancel := context.WithTimeout(ctx, timeLimit)
	defer cancel()
	out, _, err := p.program.ContextEval(ctx, map[string]any{p.variable: value})
	return out, err
}
