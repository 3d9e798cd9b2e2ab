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

package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// fieldOwner is the demo's name in the objects that it makes.
const fieldOwner = "journey-demo"

const (
	establishedTimeout = time.Minute
	removalTimeout     = time.Minute
)

// existing is a cluster of the user's. The demo makes the kinds that are missing and a namespace, runs the manager on this machine for
// that namespace alone, and in the end removes what it made, and nothing else.
type existing struct {
	context string
	keep    bool

	client client.Client
	// made is what the demo has made there, with its UIDs.
	made []client.Object
	// missing are the kinds to make.
	missing []*apiextensionsv1.CustomResourceDefinition
	sample  []*unstructured.Unstructured
}

func (d *demo) existingSteps() []step {
	return []step{
		{"looking at the cluster of the context " + d.existing.context, d.lookAtExisting},
		{"building the manager and the plugin", d.build},
		{"making the kinds that are missing (config/crd)", d.makeKinds},
		{"making namespace " + d.namespace + ", and starting the manager on this machine for it alone", d.startManagerHere},
		{"applying " + d.relative(d.sample) + " to namespace " + d.namespace, d.applyExisting},
		{"waiting until every object is evaluated", d.waitEvaluated},
	}
}

// lookAtExisting makes sure, before anything is made, that nothing that is there can be harmed.
func (d *demo) lookAtExisting(ctx context.Context) error {
	if err := d.connectExisting(); err != nil {
		return err
	}
	if err := d.readSample(); err != nil {
		return err
	}
	if err := d.wantNoOperator(ctx); err != nil {
		return err
	}
	err := d.existing.client.Get(ctx, client.ObjectKey{Name: d.namespace}, &corev1.Namespace{})
	switch {
	case err == nil:
		return fmt.Errorf("there is a namespace %s already: name another with --namespace, or, if nobody needs it, remove it with "+
			"\"kubectl --context=%s delete namespace %s\"", d.namespace, d.existing.context, d.namespace)
	case !apierrors.IsNotFound(err):
		return fmt.Errorf("looking for namespace %s: %w", d.namespace, err)
	}
	return d.findMissingKinds(ctx)
}

// connectExisting writes a kubeconfig with the context alone, for the programs that the demo starts.
func (d *demo) connectExisting() error {
	loaded, err := clientcmd.NewDefaultClientConfigLoadingRules().Load()
	if err != nil {
		return fmt.Errorf("reading your kubeconfig: %w", err)
	}
	if loaded.Contexts[d.existing.context] == nil {
		return fmt.Errorf("your kubeconfig has no context %s: \"kubectl config get-contexts\" lists those that it has", d.existing.context)
	}
	loaded.CurrentContext = d.existing.context
	if err := errors.Join(clientcmdapi.MinifyConfig(loaded), clientcmdapi.FlattenConfig(loaded)); err != nil {
		return fmt.Errorf("reading the context %s: %w", d.existing.context, err)
	}
	loaded.Contexts[d.existing.context].Namespace = d.namespace
	if err := clientcmd.WriteToFile(*loaded, d.kubeconfig); err != nil {
		return fmt.Errorf("writing a kubeconfig for the demo: %w", err)
	}
	if d.config, err = clientcmd.BuildConfigFromFlags("", d.kubeconfig); err != nil {
		return fmt.Errorf("reading the context %s: %w", d.existing.context, err)
	}
	d.config.QPS = -1 // one request after the other, and the API server has a limit too
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, appsv1.AddToScheme, apiextensionsv1.AddToScheme} {
		if err := add(scheme); err != nil {
			return fmt.Errorf("preparing the client: %w", err)
		}
	}
	if d.existing.client, err = client.New(d.config, client.Options{Scheme: scheme}); err != nil {
		return fmt.Errorf("connecting to the cluster of the context %s: %w", d.existing.context, err)
	}
	return nil
}

// readSample refuses what would not end up in the demo's namespace.
func (d *demo) readSample() error {
	objects, err := render[unstructured.Unstructured](d.sample)
	if err != nil {
		return err
	}
	for _, object := range objects {
		if object.GroupVersionKind().GroupVersion() != cxv1alpha1.GroupVersion {
			return fmt.Errorf("%s has a %s, which the demo does not make in a cluster of yours: only objects of %s", d.sample, object.GetKind(),
				cxv1alpha1.GroupVersion)
		}
		object.SetNamespace(d.namespace)
	}
	d.existing.sample = objects
	return nil
}

// wantNoOperator makes sure that no operator writes the same statuses as the demo's.
func (d *demo) wantNoOperator(ctx context.Context) error {
	var operators appsv1.DeploymentList
	if err := d.existing.client.List(ctx, &operators, client.MatchingLabels{"app.kubernetes.io/name": "journey-operator"}); err != nil {
		return fmt.Errorf("looking whether the operator runs in the cluster: %w", err)
	}
	for _, o := range operators.Items {
		if o.Spec.Replicas == nil || *o.Spec.Replicas > 0 {
			return fmt.Errorf("the operator is installed in this cluster (deployment %s in namespace %s), and two would write the same statuses: "+
				"apply the sample for the one that is there, with \"kubectl --context=%s apply -n NAMESPACE -k %s\"",
				o.Name, o.Namespace, d.existing.context, d.relative(d.sample))
		}
	}
	return nil
}

func (d *demo) findMissingKinds(ctx context.Context) error {
	kinds, err := render[apiextensionsv1.CustomResourceDefinition](filepath.Join(d.root, "config", "crd"))
	if err != nil {
		return err
	}
	for _, kind := range kinds {
		apiextensionsv1.SetObjectDefaults_CustomResourceDefinition(kind)
		there := &apiextensionsv1.CustomResourceDefinition{}
		err := d.existing.client.Get(ctx, client.ObjectKeyFromObject(kind), there)
		switch {
		case apierrors.IsNotFound(err):
			d.existing.missing = append(d.existing.missing, kind)
		case err != nil:
			return fmt.Errorf("looking for the kind %s: %w", kind.Spec.Names.Kind, err)
		case !there.DeletionTimestamp.IsZero():
			return fmt.Errorf("the kind %s is being deleted in this cluster: try again in a moment", kind.Spec.Names.Kind)
		case !equality.Semantic.DeepEqual(there.Spec, kind.Spec):
			return fmt.Errorf("the kind %s (%s) in this cluster is of another version: use another cluster, or a checkout of the version that "+
				"is installed there", kind.Spec.Names.Kind, kind.Name)
		}
	}
	return nil
}

// render returns the objects of a kustomization.
func render[T any](folder string) ([]*T, error) {
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", folder, err)
	}
	var objects []*T
	for _, resource := range resources.Resources() {
		data, err := resource.AsYAML()
		object := new(T)
		if err == nil {
			err = yaml.Unmarshal(data, object)
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s of %s: %w", resource.CurId(), folder, err)
		}
		objects = append(objects, object)
	}
	return objects, nil
}

// makeNew creates an object, and remembers that the demo made it.
func (d *demo) makeNew(ctx context.Context, object client.Object) error {
	if err := d.existing.client.Create(ctx, object, client.FieldOwner(fieldOwner)); err != nil {
		return fmt.Errorf("making %s: %w", object.GetName(), err)
	}
	d.existing.made = append(d.existing.made, object)
	return nil
}

func (d *demo) makeKinds(ctx context.Context) error {
	for _, kind := range d.existing.missing {
		if err := d.makeNew(ctx, kind); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeoutCause(ctx, establishedTimeout, fmt.Errorf("the API server does not serve them after %s", establishedTimeout))
	defer cancel()
	for _, kind := range d.existing.missing {
		established := func() (bool, error) {
			there := &apiextensionsv1.CustomResourceDefinition{}
			err := d.existing.client.Get(ctx, client.ObjectKeyFromObject(kind), there)
			for _, c := range there.Status.Conditions {
				if c.Type == apiextensionsv1.Established && c.Status == apiextensionsv1.ConditionTrue {
					return true, err
				}
			}
			return false, err
		}
		if err := poll(ctx, established); err != nil {
			return fmt.Errorf("waiting for the kind %s: %w", kind.Spec.Names.Kind, err)
		}
	}
	return nil
}

// poll asks until the answer is yes.
func poll(ctx context.Context, done func() (bool, error)) error {
	for {
		if ok, err := done(); err != nil || ok {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pollInterval):
		}
	}
}

// startManagerHere starts the manager with the user's own rights, for one namespace.
func (d *demo) startManagerHere(ctx context.Context) error {
	if err := d.makeNew(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: d.namespace}}); err != nil {
		return err
	}
	probes, err := freeAddress(ctx)
	if err != nil {
		return err
	}
	command := exec.Command(filepath.Join(d.programs, "manager"),
		"--kubeconfig="+d.kubeconfig, "--namespaces="+d.namespace, "--health-probe-bind-address="+probes, "--metrics-bind-address=0")
	if d.manager, err = d.startProcess("manager", command); err != nil {
		return err
	}
	return d.manager.waitReady(ctx, "http://"+probes+"/readyz")
}

func (d *demo) applyExisting(ctx context.Context) error {
	for _, object := range d.existing.sample {
		// Not remembered: it goes with its namespace.
		if err := d.existing.client.Create(ctx, object, client.FieldOwner(fieldOwner)); err != nil {
			return fmt.Errorf("making %s %s: %w", object.GetKind(), object.GetName(), err)
		}
	}
	return nil
}

// leave removes from the cluster what the demo made there, or tells how to.
func (d *demo) leave() error {
	e := d.existing
	if len(e.made) == 0 {
		return nil
	}
	if e.keep {
		d.say("kept what the demo made; nothing evaluates it any more. To remove it:\n%s", e.removal())
		return nil
	}
	d.say("removing what the demo made in the cluster; a second Ctrl-C leaves it there")
	// Also after Ctrl-C.
	ctx, cancel := context.WithTimeoutCause(context.Background(), removalTimeout, fmt.Errorf("it is not gone after %s", removalTimeout))
	defer cancel()
	for _, object := range slices.Backward(e.made) {
		if err := d.remove(ctx, object); err != nil {
			return fmt.Errorf("removing %s from the cluster: %w\nTo remove what is left:\n%s", object.GetName(), err, e.removal())
		}
	}
	return nil
}

// removal is how to remove what the demo made.
func (e *existing) removal() string {
	names := map[string][]string{}
	for _, object := range e.made {
		kind := "namespace"
		if _, ok := object.(*apiextensionsv1.CustomResourceDefinition); ok {
			kind = "crd"
		}
		names[kind] = append(names[kind], object.GetName())
	}
	var text strings.Builder
	for _, kind := range []string{"namespace", "crd"} {
		if len(names[kind]) > 0 {
			fmt.Fprintf(&text, "\n  kubectl --context=%s delete %s %s", e.context, kind, strings.Join(names[kind], " "))
		}
	}
	return text.String()
}

// remove removes an object that the demo made, and waits until it is gone. It leaves what others use by now.
func (d *demo) remove(ctx context.Context, made client.Object) error {
	e, uid := d.existing, made.GetUID()
	if kind, ok := made.(*apiextensionsv1.CustomResourceDefinition); ok {
		why, err := e.usedByOthers(ctx, kind)
		if err != nil {
			return err
		}
		if why != "" {
			d.say("leaving the kind %s in the cluster: %s", kind.Spec.Names.Kind, why)
			return nil
		}
	}
	// Not what somebody made anew under the same name.
	err := e.client.Delete(ctx, made, client.Preconditions{UID: &uid})
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return poll(ctx, func() (bool, error) {
		err := e.client.Get(ctx, client.ObjectKeyFromObject(made), made)
		if apierrors.IsNotFound(err) {
			return true, nil
		}
		return made.GetUID() != uid, err
	})
}

// usedByOthers tells why a kind must stay: others have objects of it, or have installed it themselves by now.
func (e *existing) usedByOthers(ctx context.Context, kind *apiextensionsv1.CustomResourceDefinition) (why string, err error) {
	there := &apiextensionsv1.CustomResourceDefinition{}
	if err := e.client.Get(ctx, client.ObjectKeyFromObject(kind), there); err != nil {
		return "", client.IgnoreNotFound(err)
	}
	for _, owner := range there.ManagedFields {
		if owner.Manager != fieldOwner && owner.Subresource == "" {
			return owner.Manager + " has changed it", nil
		}
	}
	objects := &metav1.PartialObjectMetadataList{}
	objects.SetGroupVersionKind(cxv1alpha1.GroupVersion.WithKind(kind.Spec.Names.ListKind))
	if err := e.client.List(ctx, objects, client.Limit(1)); err != nil {
		return "", fmt.Errorf("looking for objects of others: %w", err)
	}
	if len(objects.Items) > 0 {
		return "there are objects of it in namespace " + objects.Items[0].Namespace, nil
	}
	return "", nil
}
