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

package portfoliotest

import (
	"sigs.k8s.io/controller-runtime/pkg/client" //nolint:depguard // only the interface of objects, for tests of who reads and writes them

	"github.com/journeyops/journey-operator/controllers/portfolio"
)

// List lists all objects of a portfolio, kind by kind as in the struct, each kind in its order. The objects are not copied.
func List(objects portfolio.Objects) []client.Object {
	var all []client.Object
	all = appendObjects(all, objects.Journeys)
	all = appendObjects(all, objects.Moments)
	all = appendObjects(all, objects.Requirements)
	all = appendObjects(all, objects.BuildingBlocks)
	all = appendObjects(all, objects.RoadmapItems)
	if objects.Roadmap != nil {
		all = append(all, objects.Roadmap)
	}
	return all
}

// FromList is the opposite of List: it gathers the objects of the six kinds in a portfolio, in the order of the list.
func FromList(all []client.Object) portfolio.Objects {
	var objects portfolio.Objects
	for _, object := range all {
		objects.Add(object)
	}
	return objects
}

// Clone copies a portfolio deeply.
func Clone(objects portfolio.Objects) portfolio.Objects {
	return portfolio.Objects{
		Journeys:       clones(objects.Journeys),
		Moments:        clones(objects.Moments),
		Requirements:   clones(objects.Requirements),
		BuildingBlocks: clones(objects.BuildingBlocks),
		RoadmapItems:   clones(objects.RoadmapItems),
		Roadmap:        objects.Roadmap.DeepCopy(),
	}
}

func appendObjects[O client.Object](all []client.Object, objects []O) []client.Object {
	for _, object := range objects {
		all = append(all, object)
	}
	return all
}

func clones[O interface{ DeepCopy() O }](objects []O) []O {
	if objects == nil {
		return nil
	}
	copies := make([]O, 0, len(objects))
	for _, object := range objects {
		copies = append(copies, object.DeepCopy())
	}
	return copies
}
