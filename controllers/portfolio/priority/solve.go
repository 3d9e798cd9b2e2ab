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

package priority

// Solve orders the jobs of p and values them.
//
// The error says what is wrong with p: an index out of range, an atom without
// jobs, a name used twice, an effort that is not above 0, a negative value, jobs
// that wait for each other in a cycle, or values or efforts whose sum does not
// fit an int64.
func Solve(p Problem) (Result, error) {
	in, err := newInstance(p)
	if err != nil {
		return Result{}, err
	}
	closureSize := in.reduceAtoms()
	share := in.shapleyValue(closureSize)
	return in.result(in.sequence(in.sidneyDecomposition()), share), nil
}

// result translates bundles of canonical jobs to the caller's indices.
func (in *instance) result(bundles []bundle, share []Share) Result {
	n := len(in.effort)
	r := Result{
		Bundles: make([]Bundle, 0, len(bundles)),
		Bundle:  make([]int, n),
		Rank:    make([]int, n),
		Share:   make([]Share, n),
	}
	rank := 0
	for i, b := range bundles {
		jobs := make([]int, 0, len(b.jobs))
		for _, j := range b.jobs {
			given := in.given[j]
			rank++
			r.Rank[given] = rank
			r.Bundle[given] = i + 1
			r.Share[given] = share[j]
			jobs = append(jobs, given)
		}
		r.Bundles = append(r.Bundles, Bundle{Jobs: jobs, Value: b.value, Effort: b.effort})
	}
	return r
}

// Shares values the jobs of p without ordering them: the Share of Solve's
// Result, with the same errors.
func Shares(p Problem) ([]Share, error) {
	in, err := newInstance(p)
	if err != nil {
		return nil, err
	}
	canonical := in.shapleyValue(in.reduceAtoms())
	share := make([]Share, len(canonical))
	for j, s := range canonical {
		share[in.given[j]] = s
	}
	return share, nil
}
