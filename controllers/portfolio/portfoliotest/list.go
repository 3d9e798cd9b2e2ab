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
	for object := range objects.All() {
		all = append(all, object)
	}
	return all
}

// FromList is the opposite of List: it gathers objects in a portfolio, in the order of the list.
func FromList(all []client.Object) portfolio.Objects {
	var objects portfolio.Objects
	for _, object := range all {
		objects.Add(object)
	}
	return objects
}

// Clone copies a portfolio deeply.
func Clone(objects portfolio.Objects) portfolio.Objects {
	var copies portfolio.Objects
	for object := range objects.All() {
		copies.Add(object.DeepCopyObject())
	}
	return copies
}
