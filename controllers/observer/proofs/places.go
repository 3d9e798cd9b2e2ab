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

package proofs

import (
	"cmp"
	"fmt"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/sets"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/observer"
)

// place is where objects are watched: one kind in one namespace.
type place struct {
	schema.GroupVersionKind
	Namespace string
	// outside tells that the kind may be one whose objects are in no namespace. Then it is watched in the whole cluster.
	outside bool
}

// object is one that a check names.
type object struct {
	place
	Name string
}

func (o object) compare(other object) int {
	return cmp.Or(
		cmp.Compare(o.Namespace, other.Namespace), cmp.Compare(o.GroupVersionKind.String(), other.GroupVersionKind.String()), cmp.Compare(o.Name, other.Name),
	)
}

func compareKeys(a, b observer.Key) int {
	return cmp.Or(cmp.Compare(a.Namespace, b.Namespace), cmp.Compare(a.Of.Name, b.Of.Name), cmp.Compare(a.Source, b.Source))
}

// String is the object for people. Long names are cut.
func (o object) String() string {
	const most = 100
	name := o.Name
	if len(name) > most {
		name = name[:most] + "..."
	}
	if o.outside {
		return o.Kind + " " + name
	}
	return fmt.Sprintf("%s %s in namespace %s", o.Kind, name, o.Namespace)
}

// checkKey tells the checks of a block apart.
type checkKey struct{ stage, check cxv1alpha1.LabelName }

// check is one of a block.
type check struct {
	checkKey
	cxv1alpha1.StageCheck
}

// checksOf returns the checks that a target has for its Source, in the order of the block.
func checksOf(target observer.Target) []check {
	block, ok := target.Object.(*cxv1alpha1.BuildingBlock)
	if !ok {
		return nil
	}
	var checks []check
	for _, stage := range block.Spec.Stages {
		for _, c := range stage.DeliveredWhen {
			name := ""
			if c.SourceRef != nil {
				name = string(c.SourceRef.Name)
			}
			if name == target.Source {
				checks = append(checks, check{checkKey{stage.Name, c.Name}, c})
			}
		}
	}
	return checks
}

// objectsOf returns the objects that checks of a target name and may look at.
func objectsOf(source observer.Source, target observer.Target) sets.Set[object] {
	objects := sets.New[object]()
	for _, c := range checksOf(target) {
		if o, refusal := objectOf(source, target.Namespace, c.StageCheck); refusal == nil {
			objects.Insert(o)
		}
	}
	return objects
}

// objectOf returns the object that a check of a portfolio names, or why it may not be looked at: without a Source, what is in its own
// namespace; with one, what that allows. Secrets and ConfigMaps never, whoever allows it.
func objectOf(source observer.Source, portfolio string, check cxv1alpha1.StageCheck) (object, *fault) {
	namespace := cmp.Or(string(check.Namespace), portfolio)
	gv, err := schema.ParseGroupVersion(string(check.APIVersion))
	if err != nil {
		return object{}, newFault(ReasonCheckInvalid, fmt.Sprintf("apiVersion %q is none: correct it", check.APIVersion), err)
	}
	o := object{place{GroupVersionKind: gv.WithKind(string(check.Kind)), Namespace: namespace}, string(check.ObjectName)}
	if neverWatched.Has(o.Kind) {
		return object{}, newFault(ReasonNotAllowed, "Secrets and ConfigMaps are never looked at: check the object that uses it", nil)
	}
	if source.Name == "" {
		if namespace != portfolio {
			return object{}, newFault(ReasonNotAllowed, fmt.Sprintf("kind %s is in namespace %s, which is not that of the block: name in sourceRef a Source that "+
				"allows it, or ask an administrator for one", o.Kind, namespace), nil)
		}
		return o, nil
	}
	allowed := false
	for _, a := range source.Spec.Allow {
		if a.APIVersion != check.APIVersion || a.Kind != check.Kind {
			continue
		}
		everywhere := slices.Contains(a.Namespaces, "*")
		allowed = allowed || everywhere || slices.Contains(a.Namespaces, namespace) || len(a.Namespaces) == 0 && namespace == portfolio
		o.outside = o.outside || everywhere && check.Namespace == ""
	}
	if !allowed {
		return object{}, newFault(ReasonNotAllowed, fmt.Sprintf("Source %s does not allow to look at kind %s of %s in namespace %s: correct the check, or ask an "+
			"administrator to add it to the allow of the Source", source.Name, check.Kind, check.APIVersion, namespace), nil)
	}
	return o, nil
}

// neverWatched are kinds that hold what nobody should see, in whichever group they are.
var neverWatched = sets.New("Secret", "ConfigMap")
