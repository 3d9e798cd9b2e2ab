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
	"context"
	"fmt"
	"slices"
	"strings"

	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	apiwatch "k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/dynamic"
	authorizationclient "k8s.io/client-go/kubernetes/typed/authorization/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// AggregationLabel labels the ClusterRoles that let the observer look at more.
const AggregationLabel = "rbac.cx.journeyops.dev/aggregate-to-observer"

// Reasons of problems of checks.
const (
	// ReasonNotAllowed is for what a check may not look at, whatever rights the observer has.
	ReasonNotAllowed = "NotAllowed"
	// ReasonCheckInvalid is for a check that makes no sense.
	ReasonCheckInvalid = "CheckInvalid"
	// ReasonForbidden is for what the observer has no right to watch.
	ReasonForbidden = "Forbidden"
	// ReasonTooManyKinds is for a portfolio that wants to have more than MaxPlaces watched.
	ReasonTooManyKinds = "TooManyKinds"
	// ReasonCannotWatch is for a kind that cannot be watched.
	ReasonCannotWatch = "CannotWatch"
	// ReasonExpressionInvalid is for an expression that does not compile.
	ReasonExpressionInvalid = "ExpressionInvalid"
)

// fault is why an object cannot be looked at.
type fault struct {
	reason, message string
	// detail is for administrators.
	detail error
	// missing is what the observer has no right to.
	missing schema.GroupResource
}

func newFault(reason, message string, detail error) *fault {
	return &fault{reason: reason, message: message, detail: detail}
}

var tooManyPlaces = newFault(ReasonTooManyKinds, fmt.Sprintf("the checks of this namespace name more than %d kinds (one kind in two namespaces counts "+
	"as two): remove some", MaxPlaces), nil)

func cannotWatch(at place, err error) *fault {
	return newFault(ReasonCannotWatch, fmt.Sprintf("the API server does not answer for kind %s of %s", at.Kind, at.GroupVersion()), err)
}

func expressionInvalid(check check, err error) *fault {
	return newFault(ReasonExpressionInvalid, fmt.Sprintf("the expression of check %s of stage %s does not compile: %v", check.check, check.stage, err), nil)
}

// problemOf is what people are told: all rights that are missing, or else the first fault.
func problemOf(faults []*fault) (*cxv1alpha1.Problem, error) {
	message := faults[0].message
	if faults[0].reason == ReasonForbidden {
		var missing []schema.GroupResource
		for _, f := range faults {
			if f.reason == ReasonForbidden && !slices.Contains(missing, f.missing) {
				missing = append(missing, f.missing)
			}
		}
		message = grantMessage(missing)
	}
	if runes := []rune(message); len(runes) > maxMessage {
		message = string(runes[:maxMessage])
	}
	return &cxv1alpha1.Problem{Reason: faults[0].reason, Message: cxv1alpha1.Line(message)}, faults[0].detail
}

// maxMessage is the length of a problem's message.
const maxMessage = 1000

// grantMessage prints the ClusterRole that is missing. It is on one line, which is YAML too. Its name tells what it grants, so that none is
// replaced by another. What is too much for the message comes in the next one, once this has been granted.
func grantMessage(missing []schema.GroupResource) string {
	message := ""
	for n := 1; n <= len(missing); n++ {
		longer := grant(missing[:n])
		if n > 1 && len(longer) > maxMessage {
			break
		}
		message = longer
	}
	return message
}

func grant(missing []schema.GroupResource) string {
	names, rules := make([]string, len(missing)), make([]string, len(missing))
	for n, r := range missing {
		names[n] = r.String()
		rules[n] = fmt.Sprintf(`{apiGroups: [%q], resources: [%q], verbs: [get, list, watch]}`, r.Group, r.Resource)
	}
	return fmt.Sprintf(`the observer has no right to look at this. If it should have, an administrator applies this ClusterRole: `+
		`{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: journey-observer-%s, labels: {%s: "true"}}, rules: [%s]}`,
		strings.Join(names, "-"), AggregationLabel, strings.Join(rules, ", "))
}

// cluster is the observer's own, through its API server.
type cluster struct {
	objects dynamic.Interface
	kinds   discovery.DiscoveryInterfaceWithContext
	reviews authorizationclient.SelfSubjectAccessReviewInterface
}

func newCluster(config *rest.Config) (*cluster, error) {
	// All share one client, and its limits.
	config = rest.CopyConfig(config)
	client, err := rest.HTTPClientFor(config)
	if err != nil {
		return nil, err
	}
	objects, err := dynamic.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, err
	}
	kinds, err := discovery.NewDiscoveryClientForConfigAndClient(config, client)
	if err != nil {
		return nil, err
	}
	reviews, err := authorizationclient.NewForConfigAndClient(config, client)
	if err != nil {
		return nil, err
	}
	return &cluster{objects, discovery.ToDiscoveryInterfaceWithContext(kinds), reviews.SelfSubjectAccessReviews()}, nil
}

// location is a place in terms of the API server.
type location struct {
	schema.GroupVersionResource
	namespace string
}

// locate finds out how the API server names a place, and whether it may be watched; else, what is in the way.
func (c *cluster) locate(ctx context.Context, at place) (location, sight, error) {
	resource, err := c.resourceOf(ctx, at.GroupVersionKind)
	switch {
	case apierrors.IsNotFound(err):
		return location{}, sight{noKind: true}, nil
	case err != nil:
		return location{}, sight{}, fmt.Errorf("asking the API server for kind %s of %s: %w", at.Kind, at.GroupVersion(), err)
	case resource == nil:
		return location{}, sight{noKind: true}, nil
	}
	l := location{at.GroupVersion().WithResource(resource.Name), at.Namespace}
	switch {
	case !slices.Contains(resource.Verbs, "list") || !slices.Contains(resource.Verbs, "watch"):
		return location{}, sight{fault: newFault(ReasonCannotWatch, fmt.Sprintf("objects of kind %s cannot be watched: check another kind", at.Kind), nil)}, nil
	case !resource.Namespaced && !at.outside:
		return location{}, sight{fault: newFault(ReasonNotAllowed, fmt.Sprintf("objects of kind %s are in no namespace: remove namespace from the check, and "+
			"name in sourceRef a Source that allows the kind with namespaces \"*\"", at.Kind), nil)}, nil
	case !resource.Namespaced:
		l.namespace = metav1.NamespaceNone
	}
	trouble, err := c.review(ctx, l)
	return l, trouble, err
}

// resourceOf finds the resource of a kind; nil where the version has no such kind.
func (c *cluster) resourceOf(ctx context.Context, kind schema.GroupVersionKind) (*metav1.APIResource, error) {
	list, err := c.kinds.ServerResourcesForGroupVersionWithContext(ctx, kind.GroupVersion().String())
	if err != nil {
		return nil, err
	}
	for n, r := range list.APIResources {
		// Resources with a slash in their names are parts of others.
		if r.Kind == kind.Kind && cmp.Or(r.Group, kind.Group) == kind.Group && !strings.Contains(r.Name, "/") {
			return &list.APIResources[n], nil
		}
	}
	return nil, nil //nolint:nilnil // there is none, and nothing wrong with that
}

// review asks whether the observer may watch.
func (c *cluster) review(ctx context.Context, at location) (sight, error) {
	for _, verb := range []string{"list", "watch"} {
		review, err := c.reviews.Create(ctx, &authorizationv1.SelfSubjectAccessReview{Spec: authorizationv1.SelfSubjectAccessReviewSpec{
			ResourceAttributes: &authorizationv1.ResourceAttributes{
				Namespace: at.namespace, Verb: verb, Group: at.Group, Version: at.Version, Resource: at.Resource,
			},
		}}, metav1.CreateOptions{})
		switch {
		case err != nil:
			return sight{}, fmt.Errorf("asking whether the observer may %s %s: %w", verb, at.Resource, err)
		case !review.Status.Allowed:
			return sight{fault: &fault{reason: ReasonForbidden, missing: at.GroupResource()}}, nil
		}
	}
	return sight{}, nil
}

// listWatch lists and watches a location.
func (c *cluster) listWatch(at location) cache.ListerWatcher {
	var resource dynamic.ResourceInterface = c.objects.Resource(at.GroupVersionResource)
	if at.namespace != metav1.NamespaceNone {
		resource = c.objects.Resource(at.GroupVersionResource).Namespace(at.namespace)
	}
	return cache.ToListWatcherWithWatchListSemantics(&cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, options metav1.ListOptions) (runtime.Object, error) {
			return resource.List(ctx, options)
		},
		WatchFuncWithContext: func(ctx context.Context, options metav1.ListOptions) (apiwatch.Interface, error) {
			return resource.Watch(ctx, options)
		},
	}, c.objects)
}
