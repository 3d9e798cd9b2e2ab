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

package observer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/util/sets"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// question is what an object asks a Source.
type question struct {
	Key
	// asked tells questions apart: when it changes, it is time for another look.
	asked string
}

// questionsOf returns what an object asks, one question for each Source that it names.
func questionsOf(object cxv1alpha1.Object) []question {
	if object.GetDeletionTimestamp() != nil {
		return nil
	}
	switch o := object.(type) {
	case *cxv1alpha1.Metric:
		if ref := o.Spec.SourceRef; ref != nil && o.Spec.Query != "" {
			return []question{newQuestion(o, ref, o.Spec.Query)}
		}
	case *cxv1alpha1.RoadmapItem:
		if ref := o.Spec.ExternalRef; ref != nil && ref.SourceRef != nil {
			return []question{newQuestion(o, ref.SourceRef, ref.ExternalReference)}
		}
	case *cxv1alpha1.BuildingBlock:
		return questionsOfBlock(o)
	}
	return nil
}

// questionsOfBlock returns a question for each Source that checks of the block name, by its name.
func questionsOfBlock(block *cxv1alpha1.BuildingBlock) []question {
	type stageCheck struct {
		Stage cxv1alpha1.LabelName
		cxv1alpha1.StageCheck
	}
	checks := map[cxv1alpha1.SourceReference][]stageCheck{}
	for _, stage := range block.Spec.Stages {
		for _, check := range stage.DeliveredWhen {
			ref := cxv1alpha1.SourceReference{}
			if check.SourceRef != nil {
				ref = *check.SourceRef
			}
			checks[ref] = append(checks[ref], stageCheck{stage.Name, check})
		}
	}
	questions := make([]question, 0, len(checks))
	for ref, asked := range checks {
		questions = append(questions, newQuestion(block, &ref, asked))
	}
	slices.SortFunc(questions, func(a, b question) int { return strings.Compare(a.Source, b.Source) })
	return questions
}

func newQuestion(object cxv1alpha1.Object, source *cxv1alpha1.SourceReference, asked any) question {
	of := cxv1alpha1.ObservedReference{
		Kind: cxv1alpha1.ObservedKind(cxv1alpha1.KindOf(object).Name), Name: cxv1alpha1.ObjectName(object.GetName()),
	}
	return question{Key{object.GetNamespace(), of, string(source.Name)}, digest(asked)}
}

// digest is a short text for a value, another one for another value.
func digest(value any) string {
	data, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("a %T cannot be marshalled: %v", value, err))
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

// typesFor are the types of Source that each kind of object can ask.
var typesFor = map[cxv1alpha1.ObservedKind]sets.Set[cxv1alpha1.SourceType]{
	cxv1alpha1.MetricKind:        sets.New(cxv1alpha1.SourcePrometheus, cxv1alpha1.SourceHTTP),
	cxv1alpha1.RoadmapItemKind:   sets.New(cxv1alpha1.SourceGitHub, cxv1alpha1.SourceGitLab, cxv1alpha1.SourceJira),
	cxv1alpha1.BuildingBlockKind: sets.New(cxv1alpha1.SourceKubernetes),
}
