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

// Command bundle writes the manifests of the bundle for the Operator Lifecycle Manager, from config/default and config/bundle/base.yaml.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resmap"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

const packageName = "journey-operator"

func main() {
	config := flag.String("config", "config", "the folder config of the repository")
	out := flag.String("out", filepath.Join("config", "bundle", "manifests"), "folder for the manifests")
	flag.Parse()
	if err := generate(*config, *out); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
}

func generate(config, out string) error {
	b, err := newBundle(config)
	if err != nil {
		return err
	}
	if err := errors.Join(os.RemoveAll(out), os.MkdirAll(out, 0o755)); err != nil {
		return err
	}
	err = writeYAML(filepath.Join(out, packageName+".clusterserviceversion.yaml"), b.version)
	for _, object := range b.objects {
		name := object["metadata"].(map[string]any)["name"].(string)
		path := filepath.Join(out, strings.ToLower(object["kind"].(string))+"_"+name+".yaml")
		err = errors.Join(err, writeYAML(path, object))
	}
	return err
}

// bundle is a ClusterServiceVersion, and the objects that OLM makes beside what that describes.
type bundle struct {
	version map[string]any
	objects []map[string]any
}

func newBundle(config string) (*bundle, error) {
	installed, err := build(filepath.Join(config, "default"))
	if err != nil {
		return nil, err
	}
	examples, err := examplesOf(config)
	if err != nil {
		return nil, err
	}
	b := &bundle{}
	data, err := os.ReadFile(filepath.Join(config, "bundle", "base.yaml"))
	if err == nil {
		err = yaml.UnmarshalStrict(data, &b.version)
	}
	if err != nil {
		return nil, fmt.Errorf("reading the base of the bundle: %w", err)
	}
	i := &installation{roles: map[string]any{}}
	for _, r := range installed.Resources() {
		object, err := r.Map()
		if err != nil {
			return nil, err
		}
		labels, _ := object["metadata"].(map[string]any)["labels"].(map[string]any)
		delete(labels, "app.kubernetes.io/managed-by") // OLM, not kustomize
		if err := i.add(r, object, b); err != nil {
			return nil, err
		}
	}
	return b, i.describe(b.version, examples)
}

// installation is what OLM makes of a ClusterServiceVersion.
type installation struct {
	deployment         map[string]any
	roles              map[string]any // rules by kind and name
	namespaced, across []any          // rules of the bound roles
	kinds              []any
}

// add sorts an object: into what the ClusterServiceVersion describes, or beside it.
func (i *installation) add(r *resource.Resource, object map[string]any, b *bundle) error {
	switch r.GetKind() {
	case "Namespace", "ServiceAccount":
		// OLM makes them.
		return nil
	case "Deployment":
		i.deployment = object
		return nil
	case "RoleBinding", "ClusterRoleBinding":
		role := object["roleRef"].(map[string]any)
		rules, ok := i.roles[fmt.Sprint(role["kind"], "/", role["name"])].([]any)
		if !ok {
			return fmt.Errorf("%s %s binds a role that does not come before it", r.GetKind(), r.GetName())
		}
		if r.GetKind() == "RoleBinding" {
			i.namespaced = append(i.namespaced, rules...)
		} else {
			i.across = append(i.across, rules...)
		}
		b.drop(fmt.Sprint(role["kind"]), fmt.Sprint(role["name"]))
		return nil
	case "Role", "ClusterRole":
		i.roles[r.GetKind()+"/"+r.GetName()] = object["rules"]
	case "CustomResourceDefinition":
		kind, err := ownedKind(r)
		if err != nil {
			return err
		}
		i.kinds = append(i.kinds, kind)
	}
	metadata := object["metadata"].(map[string]any)
	delete(metadata, "namespace") // OLM's choice
	b.objects = append(b.objects, object)
	return nil
}

// drop takes out an object which the ClusterServiceVersion describes.
func (b *bundle) drop(kind, name string) {
	b.objects = slices.DeleteFunc(b.objects, func(object map[string]any) bool {
		return object["kind"] == kind && object["metadata"].(map[string]any)["name"] == name
	})
}

// ownedKind tells OLM of a kind.
func ownedKind(r *resource.Resource) (map[string]any, error) {
	data, err := r.AsYAML()
	if err != nil {
		return nil, err
	}
	definition := &apiextensionsv1.CustomResourceDefinition{}
	if err := yaml.UnmarshalStrict(data, definition); err != nil {
		return nil, fmt.Errorf("reading kind %s: %w", r.GetName(), err)
	}
	version := definition.Spec.Versions[len(definition.Spec.Versions)-1]
	return map[string]any{
		"name": definition.Name, "kind": definition.Spec.Names.Kind, "version": version.Name, "displayName": definition.Spec.Names.Kind,
		"description": strings.ReplaceAll(version.Schema.OpenAPIV3Schema.Description, "\n", " "),
	}, nil
}

// describe completes the ClusterServiceVersion.
func (i *installation) describe(version map[string]any, examples string) error {
	if i.deployment == nil {
		return errors.New("config/default has no Deployment")
	}
	metadata := i.deployment["metadata"].(map[string]any)
	spec := i.deployment["spec"].(map[string]any)
	pod := spec["template"].(map[string]any)["spec"].(map[string]any)
	account := pod["serviceAccountName"]
	image := pod["containers"].([]any)[0].(map[string]any)["image"].(string)
	_, tag, found := strings.Cut(image, ":v")
	if !found {
		return fmt.Errorf("image %s has no version such as v1.2.3 as its tag", image)
	}
	about := version["metadata"].(map[string]any)
	about["name"] = packageName + ".v" + tag
	annotations := about["annotations"].(map[string]any)
	annotations["containerImage"] = image
	annotations["alm-examples"] = examples
	described := version["spec"].(map[string]any)
	described["version"] = tag
	described["relatedImages"] = []any{map[string]any{"name": "manager", "image": image}}
	described["customresourcedefinitions"] = map[string]any{"owned": i.kinds}
	described["install"] = map[string]any{
		"strategy": "deployment",
		"spec": map[string]any{
			"deployments":        []any{map[string]any{"name": metadata["name"], "label": metadata["labels"], "spec": spec}},
			"permissions":        []any{map[string]any{"serviceAccountName": account, "rules": i.namespaced}},
			"clusterPermissions": []any{map[string]any{"serviceAccountName": account, "rules": i.across}},
		},
	}
	return nil
}

// examplesOf is one sample of each kind, as JSON, which consoles offer.
func examplesOf(config string) (string, error) {
	var examples []map[string]any
	seen := map[string]bool{}
	for _, folder := range []string{"samples/quickstart", "samples/motor-claim", "bundle/examples"} {
		resources, err := build(filepath.Join(config, filepath.FromSlash(folder)))
		if err != nil {
			return "", err
		}
		for _, r := range resources.Resources() {
			if seen[r.GetKind()] {
				continue
			}
			seen[r.GetKind()] = true
			object, err := r.Map()
			if err != nil {
				return "", err
			}
			examples = append(examples, object)
		}
	}
	data, err := json.MarshalIndent(examples, "", "  ")
	return string(data), err
}

func build(folder string) (resmap.ResMap, error) {
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionUnspecified // as the kustomization says
	return krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), folder)
}

func writeYAML(path string, value any) error {
	data, err := yaml.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644) //nolint:gosec // It is for everyone.
}
