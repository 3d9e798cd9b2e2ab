# The image that deploy and build-installer put in the manifests, and docker-build builds: the one that config names.
IMG ?= $(shell awk '$$1 == "newName:" {name = $$2} $$1 == "newTag:" {tag = $$2} END {print name ":" tag}' config/manager/kustomization.yaml)
# The version of what is built: v1.2.3 of the tag in git, or for a later commit a pseudo-version of Go. Looked up once, when needed.
ifndef VERSION
VERSION = $(eval VERSION := $$(shell go run ./cmd/internal/version/print))$(VERSION)
endif
# What clusters are talked to with; set KUBECONFIG to choose one.
KUBECTL ?= kubectl
CONTAINER_TOOL ?= docker
# Passed on to the program that run and demo start.
ARGS ?=

SHELL = /usr/bin/env bash -o pipefail
.SHELLFLAGS = -ec
# Targets build on each other's files (tests on generated ones), so never side by side.
.NOTPARALLEL:
.DEFAULT_GOAL := help
# Everything is pure Go: no C compiler is needed, and the binaries are static.
export CGO_ENABLED = 0
# The tools are modules of their own; a workspace of the reader's would hide them.
export GOWORK = off

BIN := bin
CONTROLLER_GEN := $(BIN)/controller-gen
KUSTOMIZE := $(BIN)/kustomize
CRD_REF_DOCS := $(BIN)/crd-ref-docs
BENCHSTAT := $(BIN)/benchstat
GOLANGCI_LINT := $(BIN)/golangci-lint
HELM := $(BIN)/helm
OPERATOR_VERIFY := $(BIN)/operator-verify
HELM_UNITTEST := $(BIN)/helm-unittest
ACTIONLINT := $(BIN)/actionlint
CYCLONEDX := $(BIN)/cyclonedx-gomod
RELEASE := $(BIN)/release
PROMTOOL := $(BIN)/promtool
PROMETHEUS := $(BIN)/prometheus

# The packages that hold API types, one a version.
API_PACKAGES := $(patsubst %/,./%,$(sort $(dir $(wildcard api/*/groupversion_info.go))))
API_PATHS := $(addprefix paths=,$(API_PACKAGES))
# All that generate, dashboards, manifests (which puts the dashboards into the chart) and docs-reference write.
GENERATED := api config/crd/bases config/schemas config/chart config/bundle config/rbac/role.yaml config/grafana docs/reference.md

##@ General

.PHONY: help
help: ## Show this help.
	@awk 'BEGIN {FS = ":.*##"; printf "Usage:\n  make \033[36m<target>\033[0m\n"} \
		/^[a-zA-Z_0-9-]+:.*?##/ { printf "  \033[36m%-16s\033[0m %s\n", $$1, $$2 } \
		/^##@/ { printf "\n\033[1m%s\033[0m\n", substr($$0, 5) }' $(MAKEFILE_LIST)

##@ Test

.PHONY: test
test: verify lint test-go ## Run all there is: generated files, linters, unit and control plane tests.

.PHONY: test-go
test-go: ## Run the Go tests, against a real kube-apiserver and etcd (TEST= adds flags of go test).
	@assets="$${KUBEBUILDER_ASSETS:-}"; \
	if [ -z "$$assets" ]; then \
		echo ">> assets: kube-apiserver and etcd"; \
		assets="$$(go run ./hack/controlplane/cmd assets)"; \
	fi; \
	echo ">> test: go test ./..."; \
	KUBEBUILDER_ASSETS="$$assets" go test -timeout 20m $(TEST) ./...

.PHONY: test-race
test-race: ## Run the Go tests under the race detector (this one needs a C compiler).
	@$(MAKE) --no-print-directory test-go TEST="-race $(TEST)" CGO_ENABLED=1

.PHONY: verify
verify: ## Check that the generated files are those that the sources give.
	@echo ">> verify: generated files"
	@before="$$(mktemp -d)"; trap 'rm -rf "$$before"' EXIT; \
	for path in $(GENERATED); do \
		mkdir -p "$$before/$$(dirname "$$path")"; \
		if [ -e "$$path" ]; then cp -R "$$path" "$$before/$$path"; fi; \
	done; \
	$(MAKE) --no-print-directory generate dashboards manifests docs-reference; \
	stale=0; \
	for path in $(GENERATED); do \
		if [ ! -e "$$before/$$path" ] && [ ! -e "$$path" ]; then continue; fi; \
		diff -ruN "$$before/$$path" "$$path" || stale=1; \
	done; \
	if [ $$stale = 1 ]; then \
		echo "The generated files were out of date (differences above) and have been regenerated:" \
			"run make generate dashboards manifests docs-reference and commit the result." >&2; \
		exit 1; \
	fi

# Modules of their own that hold code, and not only what a tool is built from.
LINTED_MODULES := $(filter-out hack/tools,$(patsubst %/go.mod,%,$(wildcard hack/*/go.mod)))

.PHONY: lint
lint: $(GOLANGCI_LINT) $(ACTIONLINT) ## Run the linters.
	@echo ">> lint: golangci-lint, actionlint"
	@$(GOLANGCI_LINT) run
	@for module in $(LINTED_MODULES); do (cd $$module && $(CURDIR)/$(GOLANGCI_LINT) run); done
	@$(ACTIONLINT) -shellcheck= -pyflakes= .github/workflows/*.yaml

.PHONY: lint-fix
lint-fix: $(GOLANGCI_LINT) ## Run the linters and let them mend what they can.
	@$(GOLANGCI_LINT) run --fix

# tagged lists the packages with tests that the build tags $(1), parted by |, ask for.
tagged = $(addprefix ./,$(sort $(dir $(shell grep -rlE '^//go:build ($(1))$$' --include='*_test.go' cmd controllers hack))))

.PHONY: test-browser
test-browser: ## Look at the pages of the plugin in a real browser (this one needs Chromium).
	@echo ">> test-browser: Chromium"
	@go test -tags browser -run Browser $(TEST) $(call tagged,browser)

.PHONY: test-helm
test-helm: $(HELM) $(HELM_UNITTEST) ## Lint, render and test the Helm chart, and install it into a control plane.
	@echo ">> test-helm: Helm, helm-unittest"
	@go test -tags helm -run Helm $(TEST) $(call tagged,helm)

.PHONY: test-prometheus
test-prometheus: $(PROMTOOL) $(PROMETHEUS) ## Test the alerts with promtool, and all queries with a Prometheus that watches the operator.
	@echo ">> test-prometheus: promtool, Prometheus"
	@sed '1,/^spec:/d; s/^  //' config/prometheus/rules.yaml > $(BIN)/rules.yaml
	@$(PROMTOOL) check rules --lint=all --lint-fatal $(BIN)/rules.yaml
	@$(PROMTOOL) test rules config/prometheus/rules_test.yaml
	@go test -tags prometheus -run Prometheus $(TEST) ./hack/demo ./controllers/observer/measures

.PHONY: test-olm
test-olm: $(OPERATOR_VERIFY) ## Have the library of the Operator Lifecycle Manager check the bundle.
	@echo ">> test-olm: operator-verify"
	@go test -tags olm -run OLM $(TEST) $(call tagged,olm)

.PHONY: test-programs
test-programs: test-browser test-helm test-olm test-prometheus test-gitops test-older ## Hold the output against programs of others (Chromium, LibreOffice and TaskJuggler must be there).
	@echo ">> test-programs: LibreOffice and TaskJuggler"
	@go test -tags libreoffice,tj3 -run 'LibreOffice|TaskJuggler' $(TEST) $(call tagged,libreoffice|tj3)

.PHONY: test-gitops
test-gitops: ## Ask what Flux and Argo CD make of the objects, with their own code.
	@echo ">> test-gitops: health in Flux and Argo CD"
	@assets="$${KUBEBUILDER_ASSETS:-$$(go run ./hack/controlplane/cmd assets)}"; \
	KUBEBUILDER_ASSETS="$$assets" go test -C hack/gitops $(TEST) ./...

.PHONY: test-older
test-older: ## Go back to an older version of the operator, built from the history of this repository, and come here again.
	@echo ">> test-older: an older manager"
	@assets="$${KUBEBUILDER_ASSETS:-$$(go run ./hack/controlplane/cmd assets)}"; \
	KUBEBUILDER_ASSETS="$$assets" go test -tags older -run OlderVersion $(TEST) $(call tagged,older)

.PHONY: bench
BENCH ?= .
COUNT ?= 1
bench: $(if $(BASE),$(BENCHSTAT)) ## Run the benchmarks (BENCH=regexp, COUNT=n; BASE=earlier-output compares with it).
	@mkdir -p $(BIN)
	@go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) -timeout 60m ./... | tee $(BIN)/bench.txt
	@$(if $(BASE),$(BENCHSTAT) $(BASE) $(BIN)/bench.txt,echo "Kept in bin/bench.txt; compare a later run with BASE=<a copy of it>.")

.PHONY: fuzz
FUZZTIME ?= 10s
fuzz: ## Run each fuzz test for a short while (FUZZTIME=10s).
	@grep -rlE '^func Fuzz' --include='*_test.go' . | xargs -r -n1 dirname | sort -u | while read -r dir; do \
		for name in $$(grep -hoE '^func Fuzz[A-Za-z0-9_]*' "$$dir"/*_test.go | cut -d' ' -f2); do \
			echo ">> fuzz: $$dir $$name"; \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "$$dir"; \
		done; \
	done

.PHONY: assets
assets: ## Fetch or build the control plane that tests and demo run, and print its directory.
	@go run ./hack/controlplane/cmd assets

##@ Develop

# Programs that stay are built and take the place of the shell: go run would die of a signal and leave them behind.

.PHONY: generate
generate: $(CONTROLLER_GEN) ## Generate the deep copies and apply configurations of the API types.
	@echo ">> generate: deep copies, apply configurations"
	@$(CONTROLLER_GEN) object:headerFile=hack/boilerplate.go.txt $(API_PATHS)
	@rm -rf $(addsuffix /applyconfiguration,$(API_PACKAGES))
	@$(CONTROLLER_GEN) applyconfiguration:headerFile=hack/boilerplate.go.txt $(API_PATHS)

.PHONY: manifests
manifests: $(CONTROLLER_GEN) ## Generate the CRDs and the manager's role, and what follows from them: JSON schemas, parts of the Helm chart, the OLM bundle.
	@echo ">> manifests: CRDs, role, schemas, chart, bundle"
	@rm -rf $(BIN)/crd
	@$(CONTROLLER_GEN) crd $(API_PATHS) output:crd:dir=$(BIN)/crd
	@mkdir -p config/crd/bases && rm -f config/crd/bases/*.yaml && cp $(BIN)/crd/*.yaml config/crd/bases/
	@$(CONTROLLER_GEN) rbac:roleName=manager-role paths=./controllers/... output:rbac:dir=config/rbac
	@rm -rf config/schemas && go run ./hack/schemas
	@go run ./hack/chart
	@go run ./hack/bundle

.PHONY: dashboards
dashboards: ## Generate the dashboards for Grafana.
	@echo ">> dashboards: config/grafana"
	@go run -C hack/dashboards . -folder $(CURDIR)/config/grafana

.PHONY: docs-reference
docs-reference: $(CRD_REF_DOCS) ## Generate docs/reference.md from the API types.
	@echo ">> docs-reference: docs/reference.md"
	@mkdir -p docs
	@$(CRD_REF_DOCS) --source-path=api --config=hack/docs/config.yaml --templates-dir=hack/docs/templates --renderer=markdown \
		--output-path=docs/reference.md --log-level=WARN

.PHONY: fmt
fmt: $(GOLANGCI_LINT) ## Format the Go code.
	@$(GOLANGCI_LINT) fmt

.PHONY: vet
vet: ## Run go vet.
	@go vet ./...

.PHONY: run
run: ## Run the operator here, against the cluster of the current kubeconfig.
	@go build -o $(BIN)/manager ./cmd/manager
	@exec $(BIN)/manager $(ARGS)

# Debian's, for instance; where there is none, Prometheus is built.
INSTALLED_PROMETHEUS = $(shell command -v prometheus && command -v promtool)

.PHONY: demo
demo: $(if $(findstring --prometheus,$(ARGS))$(findstring --evidence,$(ARGS)),$(if $(INSTALLED_PROMETHEUS),,$(PROMETHEUS) $(PROMTOOL))) ## Start a local control plane with the operator and the sample portfolio, and show what it says.
	@go build -o $(BIN)/demo ./hack/demo
	@exec $(BIN)/demo $(ARGS)

##@ Build

SET_VERSION = github.com/journeyops/journey-operator/cmd/internal/version.override=$(VERSION)

.PHONY: build
build: ## Build bin/manager, bin/observer and bin/kubectl-journey.
	@go build -trimpath -ldflags="-X $(SET_VERSION)" -o $(BIN)/manager ./cmd/manager
	@go build -trimpath -ldflags="-X $(SET_VERSION)" -o $(BIN)/observer ./cmd/observer
	@go build -trimpath -ldflags="-X $(SET_VERSION)" -o $(BIN)/kubectl-journey ./cmd/kubectl-journey
	@echo "Built bin/manager, bin/observer and bin/kubectl-journey."

.PHONY: docker-build
docker-build: ## Build the operator's image (IMG=).
	@$(CONTAINER_TOOL) build -f hack/Dockerfile --build-arg VERSION=$(VERSION) -t $(IMG) .

.PHONY: docker-push
docker-push: ## Push the operator's image (IMG=).
	@$(CONTAINER_TOOL) push $(IMG)

.PHONY: build-installer
build-installer: $(KUSTOMIZE) ## Write all that an installation needs to dist/install.yaml (IMG=).
	@mkdir -p dist
	@$(call render,default) > dist/install.yaml
	@echo "Wrote dist/install.yaml."

.PHONY: clean
clean: ## Remove what was built: bin, dist.
	@rm -rf bin dist

##@ Release

IMAGE := ghcr.io/journeyops/journey-operator
CHART := config/chart/journey-operator
# Platforms of the plugin to build archives for, such as "linux_amd64,windows_amd64"; by default all.
PLATFORMS ?=
# How the programs of a release are compiled: the same sources give the same bytes, on any machine. hack/Dockerfile says the same.
RELEASE_GOFLAGS = -trimpath -buildvcs=false '-ldflags=-s -w -X $(SET_VERSION)'
RELEASE_ENV = GOFLAGS="$(RELEASE_GOFLAGS)" SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct)"
BUILD_IMAGE = $(RELEASE_ENV) $(RELEASE) -version '$(VERSION)' -revision "$$(git rev-parse HEAD)"
# The bundle's manifests are made for the version by make release.
BUILD_BUNDLE = $(BUILD_IMAGE) -bundle $(BIN)/config/bundle

.PHONY: release
release: $(RELEASE) $(KUSTOMIZE) $(HELM) $(CYCLONEDX) ## Build all of a release, in dist/, and push nothing (VERSION=v1.2.3).
	@rm -rf dist && mkdir -p dist
	@echo ">> release: notes of $(VERSION)"
	@go run ./hack/notes -version '$(VERSION)' > dist/notes.md
	@go build -o $(BIN)/krew ./hack/krew
	@$(RELEASE_ENV) $(BIN)/krew -version '$(VERSION)' -out dist -only '$(PLATFORMS)'
	@echo ">> release: image"
	@$(BUILD_IMAGE) -out dist/image > dist/image.digest
	@echo ">> release: SBOM"
	@for program in manager observer kubectl-journey; do \
		$(RELEASE_ENV) GOOS=linux GOARCH=amd64 go build -o $(BIN)/release-$$program ./cmd/$$program; \
		$(CYCLONEDX) bin -json -std -noserial -version '$(VERSION)' -output dist/$$program.cdx.json $(BIN)/release-$$program; \
	done
	@echo ">> release: manifests, chart"
	@$(MAKE) --no-print-directory build-installer IMG='$(IMAGE):$(VERSION)'
	@sed -i.bak 's|app.kubernetes.io/version: .*|app.kubernetes.io/version: $(VERSION)|' dist/install.yaml $(BIN)/config/manager/kustomization.yaml && \
		rm dist/install.yaml.bak
	@$(HELM) package $(CHART) --version '$(patsubst v%,%,$(VERSION))' --app-version '$(VERSION)' --destination dist >/dev/null
	@echo ">> release: bundle"
	@go run ./hack/bundle -config $(BIN)/config -out $(BIN)/config/bundle/manifests
	@$(BUILD_BUNDLE) -out dist/bundle -archive dist/journey-operator-bundle.tar.gz > dist/bundle.digest
	@cd dist && find . -maxdepth 1 -type f ! -name notes.md ! -name '*.digest' | sed 's|^\./||' | LC_ALL=C sort | xargs sha256sum > checksums.txt
	@echo "Built $(VERSION) in dist/, with the image $$(cat dist/image.digest) and the bundle $$(cat dist/bundle.digest)."

.PHONY: release-dry-run
release-dry-run: ## Build a release of what is here, whether or not it is committed (PLATFORMS=linux_amd64 for fewer archives).
	@$(MAKE) --no-print-directory release VERSION='$(patsubst %+dirty,%,$(VERSION))'

.PHONY: test-release
test-release: override VERSION := v1.2.3
test-release: ## Build the images twice, and hold hack/Dockerfile and the workflows to it.
	@echo ">> test-release: images"
	@RELEASE_GOFLAGS="$(RELEASE_GOFLAGS)" go test -C hack/release $(TEST) ./...

.PHONY: release-push
release-push: $(RELEASE) $(HELM) ## Push the images and the chart of a release; the images must be those in dist/ (VERSION=v1.2.3).
	@$(BUILD_IMAGE) -push '$(IMAGE):$(VERSION)' -expect "$$(cat dist/image.digest)"
	@$(BUILD_BUNDLE) -push '$(IMAGE)-bundle:$(VERSION)' -expect "$$(cat dist/bundle.digest)"
	@$(HELM) push dist/journey-operator-*.tgz oci://ghcr.io/journeyops/charts

##@ Deploy

IGNORE_NOT_FOUND ?= false

.PHONY: install
install: $(KUSTOMIZE) ## Install the CRDs into the cluster of the current kubeconfig.
	@$(KUSTOMIZE) build config/crd | $(KUBECTL) apply --server-side -f -

.PHONY: uninstall
uninstall: $(KUSTOMIZE) ## Remove the CRDs, and so all journeys, from the cluster (IGNORE_NOT_FOUND=true).
	@$(KUSTOMIZE) build config/crd | $(KUBECTL) delete --ignore-not-found=$(IGNORE_NOT_FOUND) -f -

.PHONY: deploy
deploy: $(KUSTOMIZE) ## Install the CRDs and the operator into the cluster (IMG=).
	@$(call render,default) | $(KUBECTL) apply --server-side -f -

.PHONY: undeploy
undeploy: $(KUSTOMIZE) ## Remove the operator and the CRDs from the cluster (IGNORE_NOT_FOUND=true).
	@$(call render,default) | $(KUBECTL) delete --ignore-not-found=$(IGNORE_NOT_FOUND) -f -

# render prints the kustomization config/$(1) with IMG as the image. It works on a copy, so that
# setting an image leaves the sources alone.
define render
rm -rf $(BIN)/config && mkdir -p $(BIN) && cp -R config $(BIN)/config && \
(cd $(BIN)/config/manager && $(CURDIR)/$(KUSTOMIZE) edit set image controller=$(IMG)) && \
$(KUSTOMIZE) build $(BIN)/config/$(1)
endef

# The tools: built once from the modules in hack/tools, and again when their versions change there.
define build-tool
@echo ">> tools: building $(notdir $@)"
@go build -C $(1) -ldflags="-s -w $(3)" -o $(CURDIR)/$@ $(2)
endef

TOOLS_MODULE := hack/tools/go.mod hack/tools/go.sum

$(CONTROLLER_GEN): $(TOOLS_MODULE)
	$(call build-tool,hack/tools,sigs.k8s.io/controller-tools/cmd/controller-gen)

$(KUSTOMIZE): $(TOOLS_MODULE)
	$(call build-tool,hack/tools,sigs.k8s.io/kustomize/kustomize/v5)

$(CRD_REF_DOCS): $(TOOLS_MODULE)
	$(call build-tool,hack/tools,github.com/elastic/crd-ref-docs)

$(BENCHSTAT): $(TOOLS_MODULE)
	$(call build-tool,hack/tools,golang.org/x/perf/cmd/benchstat)

$(GOLANGCI_LINT): hack/tools/lint/go.mod hack/tools/lint/go.sum hack/tools/lint/main.go
	$(call build-tool,hack/tools/lint,.)

# Without service discovery but for files and HTTP, which would be most of the code to compile.
PROMETHEUS_MODULE := hack/tools/prometheus/go.mod hack/tools/prometheus/go.sum

$(PROMTOOL) $(PROMETHEUS): $(PROMETHEUS_MODULE)
	$(call build-tool,hack/tools/prometheus,-tags remove_all_sd github.com/prometheus/prometheus/cmd/$(notdir $@))

# Helm takes itself for a client of the Kubernetes that it is told here: the one of its k8s.io modules.
HELM_MODULE := hack/tools/helm/go.mod hack/tools/helm/go.sum
HELM_VERSIONS = $(foreach package,chartutil lint/rules,-X helm.sh/helm/v3/pkg/$(package).k8sVersionMajor=1 \
	-X helm.sh/helm/v3/pkg/$(package).k8sVersionMinor=$(shell sed -n 's|^.k8s.io/client-go v0\.\([0-9]*\)\..*|\1|p' hack/tools/helm/go.mod))

$(HELM): $(HELM_MODULE)
	$(call build-tool,hack/tools/helm,helm.sh/helm/v3/cmd/helm,$(HELM_VERSIONS))

$(HELM_UNITTEST): $(HELM_MODULE)
	$(call build-tool,hack/tools/helm,github.com/helm-unittest/helm-unittest/cmd/helm-unittest,$(HELM_VERSIONS))

$(ACTIONLINT): hack/tools/release/go.mod hack/tools/release/go.sum
	$(call build-tool,hack/tools/release,github.com/rhysd/actionlint/cmd/actionlint)

$(CYCLONEDX): hack/tools/release/go.mod hack/tools/release/go.sum
	$(call build-tool,hack/tools/release,github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod)

$(RELEASE): hack/release/go.mod hack/release/go.sum hack/release/main.go hack/release/bundle.go
	$(call build-tool,hack/release,.)

$(OPERATOR_VERIFY): hack/tools/olm/go.mod hack/tools/olm/go.sum
	$(call build-tool,hack/tools/olm,github.com/operator-framework/api/cmd/operator-verify)
