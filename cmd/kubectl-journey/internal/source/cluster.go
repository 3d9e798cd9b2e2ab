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

package source

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
	"github.com/journeyops/journey-operator/cmd/kubectl-journey/internal/kinds"
)

// pageSize is how many objects are asked for at a time, as kubectl does.
const pageSize = 500

// dialTimeout is how long to wait for a connection to the server. When a VPN is down, nothing answers, and the user would wait for ever.
const dialTimeout = 10 * time.Second

// ReadCluster reads the objects of one namespace of a cluster, or of all namespaces if the namespace is empty.
func ReadCluster(ctx context.Context, config *rest.Config, namespace string) ([]*Object, error) {
	config = rest.CopyConfig(config)
	config.QPS, config.Burst = 50, 100
	config.Dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("connecting to the cluster: %w", err)
	}
	lists, errs := make([][]*Object, len(kinds.All)), make([]error, len(kinds.All))
	var workers sync.WaitGroup
	for n, kind := range kinds.All {
		workers.Go(func() { lists[n], errs[n] = readKind(ctx, client, kind, namespace) })
	}
	workers.Wait()
	// If one kind cannot be read, usually none can, for the same reason. So only the first error is returned.
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return slices.Concat(lists...), nil
}

func readKind(ctx context.Context, client dynamic.Interface, kind *kinds.Kind, namespace string) ([]*Object, error) {
	resource := client.Resource(cxv1alpha1.GroupVersion.WithResource(kind.Plural)).Namespace(namespace)
	var objects []*Object
	options := metav1.ListOptions{Limit: pageSize}
	for {
		page, err := resource.List(ctx, options)
		if err != nil {
			return nil, listProblem(kind, err)
		}
		for i := range page.Items {
			object, err := fromCluster(kind, &page.Items[i])
			if err != nil {
				return nil, err
			}
			objects = append(objects, object)
		}
		if options.Continue = page.GetContinue(); options.Continue == "" {
			return objects, nil
		}
	}
}

func listProblem(kind *kinds.Kind, err error) error {
	var request *url.Error
	switch {
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &request):
		return fmt.Errorf("the cluster at %s cannot be reached (%w): check the context, or give files with -f", serverOf(request), request.Err)
	case apierrors.IsUnauthorized(err):
		return errors.New("the cluster does not know who you are: log in again, or choose another context")
	case apierrors.IsNotFound(err):
		return fmt.Errorf("the cluster does not know %s.%s: install the operator's CustomResourceDefinitions, or give files with -f",
			kind.Plural, cxv1alpha1.GroupVersion.Group)
	}
	return fmt.Errorf("listing %s: %w", kind.Plural, err)
}

// serverOf returns the address of the server alone. The path of the request would not help the user.
func serverOf(request *url.Error) string {
	address, err := url.Parse(request.URL)
	if err != nil {
		return request.URL
	}
	return address.Scheme + "://" + address.Host
}

func fromCluster(kind *kinds.Kind, object *unstructured.Unstructured) (*Object, error) {
	object.SetManagedFields(nil)
	object.SetKind(kind.Name)
	object.SetAPIVersion(kinds.APIVersion())
	content := maps.Clone(object.Object)
	written, _ := content["status"].(map[string]any)
	delete(content, "status")
	o, err := newObject(kind, content)
	if err != nil {
		return nil, err
	}
	if o.Written = written; written == nil {
		o.Written = map[string]any{}
	}
	return o, nil
}
