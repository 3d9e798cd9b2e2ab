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

package terminal

import "io"

// Node is a node of a tree of text.
type Node struct {
	// Lines of the node. The first one is its title.
	Lines    []string
	Children []*Node
}

// Tree prints a tree, and draws its branches. The text of the nodes is made inert.
func Tree(w io.Writer, root *Node) error {
	out := &errWriter{w: w}
	printNode(out, root, "", "")
	return out.err
}

// printNode prints a node and the nodes below it. The first line gets the prefix first, all others the prefix rest.
func printNode(out *errWriter, n *Node, first, rest string) {
	for i, line := range n.Lines {
		switch {
		case i == 0:
			out.print(first + Line(line) + "\n")
		case len(n.Children) > 0:
			out.print(rest + "│    " + Line(line) + "\n")
		default:
			out.print(rest + "     " + Line(line) + "\n")
		}
	}
	for i, child := range n.Children {
		if i == len(n.Children)-1 {
			printNode(out, child, rest+"└─ ", rest+"   ")
		} else {
			printNode(out, child, rest+"├─ ", rest+"│  ")
		}
	}
}
