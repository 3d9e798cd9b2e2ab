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

// Package observer brings what machines see into portfolios: measured values of Metrics, states of the work of RoadmapItems, proofs that
// stages of BuildingBlocks are there. It writes Observations, and nothing else; what follows from them is the model's business.
//
// Data flows one way:
//
//	objects ──questions.go──▶ what to look at ──scheduler.go──▶ what is due ──Provider.Look──▶ Result ──writer.go──▶ Observation
//
// An object asks a Source something (questions.go): a Metric by sourceRef and query, a RoadmapItem by externalRef, a BuildingBlock by the
// checks of its stages. A Provider gets each such question as a Target. Whether the namespace may use the Source is decided in sources.go,
// before anything is asked. The scheduler has a lane for every Source, with a fair queue between namespaces, so that nobody waits for the
// thousands of questions of another. A Provider knows how to ask one type of Source; packages measures, proofs and trackers have them. The
// writer compares what a Result says with the Observation that is known, and writes it when it says something else, or when a day has
// passed.
//
// A Provider keeps nothing that matters: all that must outlive a restart is in the Observation, which it finds in the Target. So an
// observer that dies, comes back or looks twice writes nothing new.
//
// Requests leave through package guard, which holds every Provider to the addresses, rates, times and sizes that are allowed, and adds the
// credentials of the Source.
package observer
