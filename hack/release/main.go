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

// Command release builds the image of the operator with ko, on nothing but itself, or that of its bundle for the Operator Lifecycle Manager,
// and writes it to a folder as an OCI layout, or pushes it. The same sources give the same digest, which it prints.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"github.com/google/ko/pkg/build"
)

const (
	module = "github.com/journeyops/journey-operator"
	source = "https://" + module
	// The user of distroless' images "nonroot", so that nobody is surprised.
	user = "65532:65532"
)

func main() {
	log.SetOutput(io.Discard) // ko tells of each build, and what it thinks of the checkout.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1) //nolint:gocritic // Nothing is left to stop.
	}
}

// options of an image. How the programs are compiled is in GOFLAGS: see the Makefile.
type options struct {
	root, version, revision string
	platforms               []string
	bundle, archive         string
	created                 time.Time
}

// destination is where an image goes.
type destination struct{ out, push, expect string }

// artefact is an image, or an index of some.
type artefact interface {
	remote.Taggable
	Digest() (v1.Hash, error)
}

func run(ctx context.Context, arguments []string) error {
	var o options
	var to destination
	flags := flag.NewFlagSet("release", flag.ContinueOnError)
	flags.StringVar(&o.root, "root", ".", "folder of the operator's module")
	flags.StringVar(&o.version, "version", "", "version of the image, for instance v1.2.3")
	flags.StringVar(&o.revision, "revision", "", "commit that it is built from")
	flags.StringVar(&o.bundle, "bundle", "", "folder of a bundle, whose image is built instead of the operator's")
	flags.StringVar(&o.archive, "archive", "", "file, named .tar.gz, for what is in the image of the bundle")
	platforms := flags.String("platforms", "linux/amd64,linux/arm64", "what it runs on")
	flags.StringVar(&to.out, "out", "", "folder for an OCI layout of the image; what it holds is replaced")
	flags.StringVar(&to.push, "push", "", "name to push it under, for instance ghcr.io/journeyops/journey-operator:v1.2.3")
	flags.StringVar(&to.expect, "expect", "", "digest that the image must have, or else it is not pushed")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if o.version == "" || (to.out == "" && to.push == "") {
		return errors.New("-version is needed, and -out or -push")
	}
	o.platforms = strings.Split(*platforms, ",")
	created, err := sourceDate()
	if err != nil {
		return err
	}
	o.created = created
	var image artefact
	if o.bundle != "" {
		image, err = buildBundle(o)
	} else {
		image, err = buildImage(ctx, o)
	}
	if err != nil {
		return fmt.Errorf("building the image: %w", err)
	}
	return to.deliver(ctx, image, o.version)
}

// deliver writes and pushes an image, and prints its digest.
func (d destination) deliver(ctx context.Context, image artefact, version string) error {
	digest, err := image.Digest()
	if err != nil {
		return err
	}
	if d.expect != "" {
		if err := expected(digest, d.expect); err != nil {
			return err
		}
	}
	if d.out != "" {
		if err := writeLayout(image, version, d.out); err != nil {
			return fmt.Errorf("writing the image to %s: %w", d.out, err)
		}
	}
	if d.push != "" {
		if err := pushImage(ctx, image, d.push); err != nil {
			return fmt.Errorf("pushing the image to %s: %w", d.push, err)
		}
	}
	fmt.Println(digest)
	return nil
}

func expected(digest v1.Hash, want string) error {
	if digest.String() != want {
		return fmt.Errorf("the image is %s and not %s: the sources, their commit or the version of Go have changed since", digest, want)
	}
	return nil
}

// sourceDate is when the sources changed last, as reproducible-builds.org has it.
func sourceDate() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		return time.Unix(0, 0).UTC(), nil
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH must be seconds since 1970, and is %q", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// buildImage has ko put the plugin on an empty image, then the observer, and the manager on that.
func buildImage(ctx context.Context, o options) (v1.ImageIndex, error) {
	base, err := emptyIndex(o.platforms)
	for _, program := range []string{"kubectl-journey", "observer", "manager"} {
		if err == nil {
			base, err = addProgram(ctx, o, base, program)
		}
	}
	return base, err
}

func emptyIndex(platforms []string) (v1.ImageIndex, error) {
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, text := range platforms {
		platform, err := v1.ParsePlatform(text)
		if err != nil {
			return nil, err
		}
		image, err := mutate.ConfigFile(mutate.MediaType(empty.Image, types.OCIManifestSchema1), &v1.ConfigFile{
			OS: platform.OS, Architecture: platform.Architecture, RootFS: v1.RootFS{Type: "layers"},
		})
		if err != nil {
			return nil, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add:        mutate.ConfigMediaType(image, types.OCIConfigJSON),
			Descriptor: v1.Descriptor{Platform: platform},
		})
	}
	return index, nil
}

func addProgram(ctx context.Context, o options, base v1.ImageIndex, program string) (v1.ImageIndex, error) {
	scratch, err := name.ParseReference("scratch")
	if err != nil {
		return nil, err
	}
	created := v1.Time{Time: o.created}
	choices := []build.Option{
		build.WithBaseImages(func(context.Context, string) (name.Reference, build.Result, error) { return scratch, base, nil }),
		build.WithPlatforms("all"),
		build.WithDefaultEnv([]string{"CGO_ENABLED=0"}),
		build.WithUser(user),
		build.WithCreationTime(created),
		build.WithKoDataCreationTime(created),
		build.WithDisabledSBOM(), // Each program has one of its own, beside the image.
	}
	for key, value := range annotations(o) {
		choices = append(choices, build.WithLabel(key, value), build.WithAnnotation(key, value))
	}
	builder, err := build.NewGo(ctx, o.root, choices...)
	if err != nil {
		return nil, err
	}
	result, err := builder.Build(ctx, build.StrictScheme+module+"/cmd/"+program)
	if err != nil {
		return nil, err
	}
	index, ok := result.(v1.ImageIndex)
	if !ok {
		return nil, errors.New("name two platforms or more, separated by commas")
	}
	return index, nil
}

// annotations are also the labels: https://github.com/opencontainers/image-spec/blob/main/annotations.md.
func annotations(o options) map[string]string {
	const key = "org.opencontainers.image."
	return map[string]string{
		key + "title":         "journey-operator",
		key + "description":   "Customer journeys as Kubernetes resources: the operator, and its kubectl plugin",
		key + "source":        source,
		key + "url":           source,
		key + "documentation": source + "/tree/" + o.version + "/docs",
		key + "licenses":      "Apache-2.0",
		key + "version":       o.version,
		key + "revision":      o.revision,
		key + "created":       o.created.Format(time.RFC3339),
	}
}

func writeLayout(image artefact, version, folder string) error {
	if err := os.RemoveAll(folder); err != nil {
		return err
	}
	written, err := layout.Write(folder, empty.Index)
	if err != nil {
		return err
	}
	called := layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": version})
	if index, ok := image.(v1.ImageIndex); ok {
		return written.AppendIndex(index, called)
	}
	return written.AppendImage(image.(v1.Image), called)
}

func pushImage(ctx context.Context, image artefact, to string) error {
	tag, err := name.NewTag(to)
	if err != nil {
		return err
	}
	return remote.Push(tag, image, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain))
}
