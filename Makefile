# The one entry for developers and for CI: every target installs what it needs.
SHELL := /bin/bash -o pipefail
CONFIGURATION ?= Release
ENGINE ?= pulumi
DOTNET_FLAGS := -c $(CONFIGURATION) -v quiet --nologo
# The SDK itself wants libicu otherwise, which not every machine has.
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT := 1

.DEFAULT_GOAL := help
.PHONY: help build test check format generate demo bench publish clean postgres node versions histories

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build everything; leaves the program in bin/ under its names
	@dotnet build Provider.sln $(DOTNET_FLAGS)
	@eng/link-programs $(CONFIGURATION)

test: build postgres node ## Run every test
	@eng/test $(CONFIGURATION)

versions: build postgres node ## Run the tests of servers on the other versions of PostgreSQL too (VERSIONS="14 18": only those)
	@eng/test-versions $(CONFIGURATION)

histories: export PGFLEET_HISTORIES ?= 10000
histories: export PGFLEET_REAL_HISTORIES ?= 200
histories: build postgres ## Make random histories of stacks, many more than the tests do (PGFLEET_HISTORIES, PGFLEET_REAL_HISTORIES: how many; PGFLEET_HISTORIES_SEED: that one again)
	@PATIENCE=8h LOGGER='console;verbosity=detailed' eng/test $(CONFIGURATION) Histories FullyQualifiedName~HistoryTests

check: format generate test ## What CI demands: formatted, generated files up to date, tests green
	@git diff --exit-code -- sdk docs

format: ## Fail on code that dotnet format would change
	@dotnet format Provider.sln --verify-no-changes --exclude-diagnostics IL2026 IL3050
	@dotnet format style Provider.sln --verify-no-changes --diagnostics IDE0005 --severity info

generate: build ## Write sdk/schema.json and docs/resources from the declarations
	@PGFLEET_GENERATE=1 dotnet test tests/Provider.Tests -c $(CONFIGURATION) --no-build --nologo --filter FullyQualifiedName~GeneratedFiles

demo: build postgres ## Show the main job by doing it, with pulumi or its stand-in (ENGINE=terraform: terraform)
	@ENGINE=$(ENGINE) CONFIGURATION=$(CONFIGURATION) eng/demo

bench: build postgres ## Print figures, one "name value" a line (FIGURES="restore reflink": only those)
	@eng/bench $(FIGURES)

publish: ## Publish the native, self-contained program into dist/
	@eng/publish

postgres: ## Install PostgreSQL if the machine has none
	@eng/install-postgres

node: ## Install Node, and the official Pulumi stubs and the SDK that the tests use
	@eng/install-node

clean: ## Remove what build left
	@rm -rf bin dist */obj */bin tests/*/obj tests/*/bin tests/NodeClient/node_modules
