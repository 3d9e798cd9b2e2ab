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

package graph

import (
	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/controllers/portfolio/view"
)

// document is a graph for programs, whose edges name the nodes that they join.
type document struct {
	Namespace string          `json:"namespace"`
	AsOf      cxv1alpha1.Date `json:"asOf"`
	Nodes     []view.LinkNode `json:"nodes"`
	Edges     []edgeDocument  `json:"edges"`
}

type edgeDocument struct {
	From         string `json:"from"`
	To           string `json:"to"`
	Requirements int    `json:"requirements,omitempty"`
	Musts        int    `json:"musts,omitempty"`
}

func documents(graphs []namespacedLinks) map[string]any {
	documents := []document{}
	for _, g := range graphs {
		documents = append(documents, g.document())
	}
	return map[string]any{"graphs": documents}
}

func (g *namespacedLinks) document() document {
	document := document{
		Namespace: g.namespace, AsOf: g.AsOf, Nodes: append([]view.LinkNode{}, g.Nodes...), Edges: []edgeDocument{},
	}
	for _, e := range g.Edges {
		document.Edges = append(document.Edges, edgeDocument{g.Nodes[e.From].ID, g.Nodes[e.To].ID, e.Requirements, e.Musts})
	}
	return document
}
