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
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"go.yaml.in/yaml/v3"
)

// buildBundle makes the image of a bundle for the Operator Lifecycle Manager: its manifests and metadata are the only layer, and its annotations
// are labels.
func buildBundle(o options) (v1.Image, error) {
	labels, err := bundleAnnotations(o.bundle)
	if err != nil {
		return nil, err
	}
	maps.Copy(labels, annotations(o))
	content, err := bundleContent(o.bundle, o.created)
	if err != nil {
		return nil, err
	}
	layer, err := tarball.LayerFromOpener(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil },
		tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, err
	}
	if o.archive != "" {
		if err := compress(layer, o.archive); err != nil {
			return nil, err
		}
	}
	created := v1.Time{Time: o.created}
	// Nothing in it runs, so that any platform would do: the one that "docker build" would say.
	config := &v1.ConfigFile{OS: "linux", Architecture: "amd64", Created: created, Config: v1.Config{Labels: labels}, RootFS: v1.RootFS{Type: "layers"}}
	image, err := mutate.ConfigFile(mutate.MediaType(empty.Image, types.OCIManifestSchema1), config)
	if err != nil {
		return nil, err
	}
	return mutate.Append(mutate.ConfigMediaType(image, types.OCIConfigJSON), mutate.Addendum{Layer: layer, History: v1.History{Created: created}})
}

func bundleAnnotations(folder string) (map[string]string, error) {
	path := filepath.Join(folder, "metadata", "annotations.yaml")
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var metadata struct {
		Annotations map[string]string `yaml:"annotations"`
	}
	if err := yaml.Unmarshal(data, &metadata); err != nil {
		return nil, fmt.Errorf("reading %s: %w", path, err)
	}
	if len(metadata.Annotations) == 0 {
		return nil, fmt.Errorf("%s has no annotations", path)
	}
	return metadata.Annotations, nil
}

// bundleContent is a tar archive of what a bundle is: the same bytes for the same files.
func bundleContent(folder string, created time.Time) ([]byte, error) {
	var content bytes.Buffer
	archive := tar.NewWriter(&content)
	for _, part := range []string{"manifests", "metadata"} {
		err := filepath.WalkDir(filepath.Join(folder, part), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			name, err := filepath.Rel(folder, path)
			if err != nil {
				return err
			}
			data, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			header := &tar.Header{Name: filepath.ToSlash(name), Mode: 0o644, Size: int64(len(data)), ModTime: created}
			if err := archive.WriteHeader(header); err != nil {
				return err
			}
			_, err = archive.Write(data)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if err := archive.Close(); err != nil {
		return nil, err
	}
	return content.Bytes(), nil
}

// compress writes what is in a bundle's image to a file, for those who do not take it from a registry.
func compress(layer v1.Layer, path string) error {
	content, err := layer.Compressed()
	if err != nil {
		return err
	}
	data, err := io.ReadAll(content)
	if err := errors.Join(err, content.Close()); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644) //nolint:gosec // It is for everyone.
}
