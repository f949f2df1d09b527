# The entry point for developers and CI: every target installs what it needs.
SHELL := /bin/bash -o pipefail
CONFIGURATION ?= Release
ENGINE ?= pulumi
DOTNET_FLAGS := -c $(CONFIGURATION) -v quiet --nologo
# Otherwise the SDK needs libicu, which not every machine has.
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

versions: build postgres node ## Run the server tests on the other versions of PostgreSQL (VERSIONS="14 18": only those)
	@eng/test-versions $(CONFIGURATION)

histories: export PGFLEET_HISTORIES ?= 10000
histories: export PGFLEET_REAL_HISTORIES ?= 200
histories: build postgres ## Run many random histories of stacks (PGFLEET_HISTORIES, PGFLEET_REAL_HISTORIES: how many; PGFLEET_HISTORIES_SEED: repeat one)
	@TEST_TIMEOUT=8h LOGGER='console;verbosity=detailed' eng/test $(CONFIGURATION) Histories FullyQualifiedName~HistoryTests

check: format generate test ## Everything CI runs: format, generated files, tests
	@git diff --exit-code -- sdk docs

format: ## Fail on code that dotnet format would change
	@dotnet format Provider.sln --verify-no-changes --exclude-diagnostics IL2026 IL3050
	@dotnet format style Provider.sln --verify-no-changes --diagnostics IDE0005 --severity info

generate: build ## Write sdk/schema.json and docs/resources from the declarations
	@PGFLEET_GENERATE=1 dotnet test tests/Provider.Tests -c $(CONFIGURATION) --no-build --nologo --filter FullyQualifiedName~GeneratedFiles

demo: build postgres ## Provision, restore and move a database, step by step, with pulumi or the test engine (ENGINE=terraform: terraform)
	@ENGINE=$(ENGINE) CONFIGURATION=$(CONFIGURATION) eng/demo

bench: build postgres ## Print figures, one "name value" a line (FIGURES="restore reflink": only those)
	@eng/bench $(FIGURES)

publish: ## Publish the native, self-contained program into dist/
	@eng/publish

postgres: ## Install PostgreSQL if the machine has none
	@eng/install-postgres

node: ## Install Node, and the official Pulumi stubs and the SDK that the tests use
	@eng/install-node

clean: ## Remove build output
	@rm -rf bin dist */obj */bin tests/*/obj tests/*/bin tests/NodeClient/node_modules
