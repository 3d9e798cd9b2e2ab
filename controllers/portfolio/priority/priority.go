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

// Package priority says in which order work should be done so that value is
// earned as early as possible, and why.
//
// Work consists of jobs with an effort and an order between them. Value consists
// of atoms: an atom is earned when all the jobs that it waits for are done. With
// the jobs done one after another, the order sought minimises the sum over atoms
// of value times completion. An atom that waits for several jobs acts as a job
// without effort that comes after them, so this is the scheduling problem
// 1|prec|sum wC: the rule of Smith (1956), value over effort, solves it where no
// job waits for another; in general it is NP-hard (Lawler 1978).
//
// The Sidney decomposition takes it apart into bundles. Of all sets of remaining
// jobs that hold everything their jobs wait for, the one with the highest ratio
// of value to effort comes next (the largest, where several have that ratio).
// Some optimal order does the bundles one after another, and every order that
// does so costs at most twice the optimum. Such a set is a maximum-ratio closure,
// found by minimum cuts. Inside a bundle of up to 12 jobs the order is optimal;
// in a larger one it is a good one.
//
// The credit of each job is its Shapley value in the game in which an atom is
// worth its value to a set of jobs that holds all that the atom needs.
//
// All arithmetic is exact and the results depend on the names of the jobs, never
// on the order of the input: the same problem has the same answer everywhere.
// That is why the maximum flow is our own. The libraries at hand work in floating
// point with a tolerance (gonum's network.MaxFlowDinic) or return the flow alone,
// while the largest closure asks for exact capacities of up to 126 bits and for
// the side of the cut that is closest to the sink.
//
// Literature:
//
//   - W. E. Smith: Various optimizers for single-stage production. Naval Research
//     Logistics Quarterly 3, 1956.
//   - J. B. Sidney: Decomposition algorithms for single-machine sequencing with
//     precedence relations and deferral costs. Operations Research 23, 1975.
//   - E. L. Lawler: Sequencing jobs to minimize total weighted completion time
//     subject to precedence constraints. Annals of Discrete Mathematics 2, 1978.
//   - J.-C. Picard: Maximal closure of a graph and applications to combinatorial
//     problems. Management Science 22, 1976.
//   - W. Dinkelbach: On nonlinear fractional programming. Management Science 13,
//     1967.
//   - M. J. Eisner, D. G. Severance: Mathematical techniques for efficient record
//     segmentation in large shared databases. Journal of the ACM 23, 1976.
//   - C. Chekuri, R. Motwani: Precedence constrained scheduling to minimize sum of
//     weighted completion times on a single machine. Discrete Applied Mathematics
//     98, 1999.
//   - F. Margot, M. Queyranne, Y. Wang: Decompositions, network flows, and a
//     precedence constrained single-machine scheduling problem. Operations
//     Research 51, 2003.
//   - L. S. Shapley: A value for n-person games. Contributions to the Theory of
//     Games II, 1953.
package priority

// Job is a piece of work.
type Job struct {
	// Name identifies the job, and breaks ties.
	Name string
	// Effort is in thousandths of a day, above 0.
	Effort int64
}

// Atom is a piece of value that is earned all at once.
type Atom struct {
	// Value is in thousandths of a point, at least 0.
	Value int64
	// Jobs are the jobs that it waits for, at least one, as indices into
	// Problem.Jobs. A job that is named twice counts once.
	Jobs []int
}

// Problem is what Solve solves.
type Problem struct {
	Jobs  []Job
	Atoms []Atom
	// Before holds for each job the jobs that have to be done before it, as
	// indices into Jobs. Those that follow from others may be left out. It is
	// empty when nothing waits for anything.
	Before [][]int
}

// Bundle is a set of jobs that belong together: the next best investment once
// the bundles before it are done.
type Bundle struct {
	// Jobs are indices into Problem.Jobs, in the order in which to do them.
	Jobs []int
	// Value is the value of the atoms that the bundle completes, in thousandths
	// of a point.
	Value int64
	// Effort is the effort of its jobs, in thousandths of a day.
	Effort int64
}

// Result is the answer to a Problem.
type Result struct {
	// Bundles are in the order in which to do them. The ratio of value to effort
	// falls from each to the next.
	Bundles []Bundle
	// Bundle holds for each job the number of its bundle, counted from 1.
	Bundle []int
	// Rank holds for each job its place in the whole order, counted from 1.
	Rank []int
	// Share holds for each job its share in the value of the atoms that need it,
	// in thousandths of a point: the value of every atom, split evenly over the
	// jobs that it waits for and all that comes before them. The shares add up to
	// the value of all atoms.
	Share []Share
}
