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

// The observer looks at what is outside the portfolios, and keeps what it sees in Observations.
package main

import (
	"os"

	// The image has no certificates of authorities. These are used where the system has none.
	_ "golang.org/x/crypto/x509roots/fallback"
	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	// SIGTERM and SIGINT end the context; a second one ends the process.
	ctx := ctrl.SetupSignalHandler()
	program := defaultOptions().program()
	os.Exit(program.ExitCode(program.Run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr))
}
