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

package portfolio

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
	"sync"

	"github.com/google/cel-go/cel"
	"github.com/google/cel-go/common/types"
	"github.com/google/cel-go/common/types/ref"
	"github.com/google/cel-go/common/types/traits"
	"github.com/google/cel-go/ext"
	"github.com/google/cel-go/interpreter"
	"k8s.io/utils/lru"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/priority"
)

// Limits of expressions. The cost is CEL's own measure, about one a step; the published score models take fewer than fifty.
const (
	maxExpressionCost   = 10_000
	maxExpressionResult = 1_000_000_000
	cachedExpressions   = 128
)

// scoreModel is the score model of the Roadmap: what an item is worth and what it takes, in the team's own terms.
type scoreModel struct {
	value, effort cel.Program // nil where the Roadmap has no such expression, or it does not compile
	// faults says what is wrong, in the order of fields and items.
	faults []string
}

// newScoreModel compiles the expressions. One that does not compile is left out, so that the default holds in its place.
func newScoreModel(roadmap *cxv1alpha1.Roadmap) *scoreModel {
	model := &scoreModel{}
	if roadmap == nil {
		return model
	}
	compile := func(field, expression string) cel.Program {
		if expression == "" {
			return nil
		}
		program, err := compileExpression(expression)
		if err != nil {
			model.faults = append(model.faults, fmt.Sprintf("%s does not compile, so the default holds: %v", field, err))
		}
		return program
	}
	model.value = compile("valueExpression", roadmap.Spec.ValueExpression)
	model.effort = compile("effortExpression", roadmap.Spec.EffortExpression)
	return model
}

// expressionEnv declares what expressions can use.
var expressionEnv = sync.OnceValues(func() (*cel.Env, error) {
	return cel.NewEnv(
		cel.Variable("customerValue", cel.DoubleType),
		cel.Variable("businessValue", cel.DoubleType),
		cel.Variable("effortDays", cel.DoubleType),
		cel.Variable("scores", cel.MapType(cel.StringType, cel.DoubleType)),
		cel.CrossTypeNumericComparisons(true),
		ext.Math(),
	)
})

// orderedMap is a map that expressions walk over in the order of its keys. CEL walks over a map in the order of Go, which
// is another one each time.
type orderedMap struct{ traits.Mapper }

func ordered(value ref.Val) ref.Val {
	if m, ok := value.(traits.Mapper); ok {
		return orderedMap{m}
	}
	return value
}

func (m orderedMap) Iterator() traits.Iterator {
	var keys []ref.Val
	for it := m.Mapper.Iterator(); it.HasNext() == types.True; {
		keys = append(keys, it.Next())
	}
	slices.SortFunc(keys, compareKeys)
	return types.NewRefValList(types.DefaultTypeAdapter, keys).Iterator()
}

// compareKeys orders keys of the same type by value, others by the name of their type.
func compareKeys(a, b ref.Val) int {
	if byType := strings.Compare(a.Type().TypeName(), b.Type().TypeName()); byType != 0 {
		return byType
	}
	// All types that a key can have are comparable.
	order, _ := a.(traits.Comparer).Compare(b).(types.Int)
	return int(order)
}

// mapLiteral is a map that an expression makes itself.
type mapLiteral struct {
	interpreter.InterpretableConstructor
}

// orderMapLiterals decorates the steps of a program.
func orderMapLiterals(step interpreter.InterpretableV2) (interpreter.InterpretableV2, error) {
	if literal, ok := step.(interpreter.InterpretableConstructor); ok && literal.Type() == types.MapType {
		return mapLiteral{literal}, nil
	}
	return step, nil
}

func (l mapLiteral) Exec(frame *interpreter.ExecutionFrame) ref.Val {
	return ordered(l.InterpretableConstructor.Exec(frame))
}

func (l mapLiteral) Eval(activation interpreter.Activation) ref.Val {
	return l.Exec(interpreter.AsFrame(activation))
}

// compiled remembers programs by their text: every evaluation of a namespace needs the same ones.
var compiled = lru.New(cachedExpressions)

func compileExpression(expression string) (cel.Program, error) {
	if program, known := compiled.Get(expression); known {
		return program.(cel.Program), nil
	}
	env, err := expressionEnv()
	if err != nil {
		return nil, fmt.Errorf("declaring the variables: %w", err)
	}
	ast, issues := env.Compile(expression)
	if issues.Err() != nil {
		// One line is enough: the rest draws an arrow under the text.
		first, _, _ := strings.Cut(issues.Err().Error(), "\n")
		return nil, errors.New(strings.TrimPrefix(first, "ERROR: "))
	}
	if out := ast.OutputType(); !slices.ContainsFunc([]*cel.Type{cel.DoubleType, cel.IntType, cel.UintType}, out.IsExactType) {
		return nil, fmt.Errorf("the result is a %s, it must be a number", out)
	}
	program, err := env.Program(ast, cel.CostLimit(maxExpressionCost), cel.CustomDecoratorV2(orderMapLiterals))
	if err != nil {
		return nil, err
	}
	compiled.Add(expression, program)
	return program, nil
}

// apply puts the results of the expressions in the place of the values and efforts of the jobs.
func (model *scoreModel) apply(g *Graph, jobs []*Item, p *priority.Problem) {
	if model.value == nil && model.effort == nil {
		return
	}
	inputs := g.expressionInputs(jobs, p)
	if model.value != nil {
		p.Atoms = nil
	}
	for n, i := range jobs {
		if model.value != nil {
			if value, ok := model.run("valueExpression", "worth 0", model.value, i, inputs[n]); ok && value > 0 {
				p.Atoms = append(p.Atoms, priority.Atom{Value: value, Jobs: []int{n}})
			}
		}
		if model.effort != nil {
			if effort, ok := model.run("effortExpression", "as without it", model.effort, i, inputs[n]); ok {
				p.Jobs[n].Effort = max(minEffort, effort)
			}
		}
	}
}

// run evaluates an expression for an item, in thousandths, rounded half up and at least 0. It notes a fault, and says what holds instead.
func (model *scoreModel) run(field, instead string, program cel.Program, i *Item, inputs map[string]any) (int64, bool) {
	out, _, err := program.Eval(inputs)
	var result *big.Rat
	if err == nil {
		result, err = numberOf(out)
	}
	if err != nil {
		model.faults = append(model.faults, fmt.Sprintf("%s of RoadmapItem %s, %s: %v", field, i.Name, instead, err))
		return 0, false
	}
	if result.Sign() < 0 {
		return 0, true
	}
	return roundHalfUp(result.Mul(result, big.NewRat(milli, 1)), 1), true
}

// numberOf reads the result of an expression exactly.
func numberOf(out ref.Val) (*big.Rat, error) {
	result := new(big.Rat)
	switch v := out.(type) {
	case types.Double:
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("the result is %v: does it divide by zero?", float64(v))
		}
		result.SetFloat64(float64(v))
	case types.Int:
		result.SetInt64(int64(v))
	case types.Uint:
		result.SetUint64(uint64(v))
	default:
		return nil, fmt.Errorf("the result is a %s, it must be a number", out.Type())
	}
	if result.Cmp(big.NewRat(maxExpressionResult, 1)) > 0 {
		return nil, fmt.Errorf("the result is above %d", maxExpressionResult)
	}
	return result, nil
}

// expressionInputs are the variables of the expressions for each job: its share in the customer value, its business value, its effort
// without an expression, and its own scores.
func (g *Graph) expressionInputs(jobs []*Item, p *priority.Problem) []map[string]any {
	shares, err := priority.Shares(priority.Problem{Jobs: p.Jobs, Before: p.Before, Atoms: g.customerAtoms(100)})
	inputs := make([]map[string]any, len(jobs))
	for n, i := range jobs {
		customer := 0.0
		if err == nil {
			customer = shares[n].Float64()
		}
		scores := make(map[string]float64, len(i.Spec.Scores))
		for _, s := range i.Spec.Scores {
			scores[string(s.Name)] = s.Value.AsApproximateFloat64()
		}
		inputs[n] = map[string]any{
			"customerValue": customer,
			"businessValue": float64(i.Spec.BusinessValue),
			"effortDays":    float64(p.Jobs[n].Effort) / milli,
			"scores":        ordered(types.DefaultTypeAdapter.NativeToValue(scores)),
		}
	}
	return inputs
}
