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

package warnings

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	cxv1alpha1 "github.com/journeyops/journey-operator/api/v1alpha1"
)

// handler answers the API server. Whatever happens, it allows.
type handler struct{ adviser *adviser }

// Handle allows a request, with warnings that say what it does.
func (h handler) Handle(_ context.Context, request admission.Request) (response admission.Response) {
	began, result := time.Now(), failed
	defer func() {
		if r := recover(); r != nil {
			h.adviser.log.Error(fmt.Errorf("panic: %v", r), "Finding what a change does failed; it is allowed without warnings",
				"stack", string(debug.Stack()))
			response = admission.Allowed("")
		}
		observe(result, time.Since(began), len(response.Warnings))
	}()
	c, err := changeOf(&request.AdmissionRequest)
	if err != nil {
		h.adviser.log.Error(err, "Reading a request for admission failed; it is allowed without warnings")
		return admission.Allowed("")
	}
	lines, result := h.adviser.advise(c)
	return admission.Allowed("").WithWarnings(lines...)
}

// changeOf reads a request.
func changeOf(request *admissionv1.AdmissionRequest) (*change, error) {
	kind := cxv1alpha1.KindNamed(request.Kind.Kind)
	if kind == nil || request.Kind.Group != cxv1alpha1.GroupVersion.Group || request.Kind.Version != cxv1alpha1.GroupVersion.Version {
		return nil, fmt.Errorf("kind %s %s/%s is none of the operator's: mend the rules of the webhook's configuration",
			request.Kind.Kind, request.Kind.Group, request.Kind.Version)
	}
	c := &change{sessionKey: sessionKey{
		user: request.UserInfo.Username, namespace: request.Namespace, dryRun: request.DryRun != nil && *request.DryRun,
	}}
	var err error
	if c.before, err = decode(kind, request.OldObject); err != nil {
		return nil, err
	}
	if c.after, err = decode(kind, request.Object); err != nil {
		return nil, err
	}
	switch {
	case c.after != nil:
		c.key = keyOf(c.after)
	case c.before != nil:
		c.key = keyOf(c.before)
	default:
		return nil, fmt.Errorf("%s %s: the request has no object", kind.Name, request.Name)
	}
	return c, nil
}

func decode(kind *cxv1alpha1.Kind, raw runtime.RawExtension) (cxv1alpha1.Object, error) {
	if len(raw.Raw) == 0 {
		return nil, nil //nolint:nilnil // there is no object, and that is no error
	}
	object := kind.New()
	if err := json.Unmarshal(raw.Raw, object); err != nil {
		return nil, fmt.Errorf("decoding the %s: %w", kind.Name, err)
	}
	return object, nil
}
