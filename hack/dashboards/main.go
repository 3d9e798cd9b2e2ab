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

// Command dashboards writes the Grafana dashboards in config/grafana. To change one, change it here: the builders of Grafana's
// foundation SDK know which settings there are.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	folder := flag.String("folder", filepath.Join("config", "grafana"), "where to write the dashboards")
	flag.Parse()
	for name, builder := range map[string]*dashboard.DashboardBuilder{"roadmap": roadmap(), "operator": operator()} {
		if err := write(filepath.Join(*folder, name+".json"), builder); err != nil {
			fmt.Fprintln(os.Stderr, "error:", err)
			os.Exit(1)
		}
	}
}

func write(path string, builder *dashboard.DashboardBuilder) error {
	built, err := builder.Build()
	if err != nil {
		return fmt.Errorf("building the dashboard %s: %w", path, err)
	}
	data, err := json.MarshalIndent(built, "", "  ")
	if err != nil {
		return fmt.Errorf("encoding the dashboard %s: %w", path, err)
	}
	return os.WriteFile(path, append(data, '\n'), 0o644)
}
