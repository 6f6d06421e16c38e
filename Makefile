# make run to look at opps, make test to trust it. Needs Python 3.11 or later and make, nothing else.

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCKED := $(VENV)/.locked
MUTATION := .mutation/.ready
DEPLOY := .deploy/.ready
UV := $(shell command -v uv 2>/dev/null)

# The first Python on the PATH that is new enough; choose another with make PYTHON=...
PYTHON ?= $(shell for candidate in python3 python3.13 python3.12 python3.11 python3.14; do \
	"$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 \
	&& echo "$$candidate" && break; done)

# A checkout keeps its own data, apart from an installed opps.
DATA_DIRECTORY := $(if $(OPPS_DATA_DIRECTORY),$(OPPS_DATA_DIRECTORY),$(CURDIR)/.opps)

.DEFAULT_GOAL := help
.PHONY: help run test check format lint types imports generated client wheel crash processes mutation deploy setup lock clean

help:  ## Show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1	\2/p' Makefile | expand -t 12

run: $(READY)  ## Start opps with sample opportunities and print where it answers
	@OPPS_DATA_DIRECTORY="$(DATA_DIRECTORY)" exec $(BIN)/opps demo

test: $(READY)  ## Run the tests
	@$(BIN)/python -m pytest -n logical --maxprocesses 4 --dist loadfile -m "not crash and not processes"

check: lint types imports generated test wheel deploy crash processes  ## Run everything that CI runs, and more
	@$(MAKE) --no-print-directory mutation ONLY=ledger/ SAMPLE=10

format: $(READY)  ## Format the code and mend what can be mended
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

lint: $(READY)  ## Check format, style and spelling
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/codespell

types: $(READY)  ## Check the types, strictly
	@$(BIN)/mypy

imports: $(READY)  ## Check that each room imports only from the rooms below it
	@$(BIN)/lint-imports

generated: $(READY)  ## Check that schema.graphql, the catalogue of events and the typed client are current
	@$(BIN)/opps schema --check
	@$(BIN)/opps events --check
	@$(BIN)/python -m clients.python.generator --check

client: $(READY)  ## Write the typed clients anew; the types of TypeScript too where OPPS_NODE_CLIENTS is set
	@$(BIN)/python -m clients.python.generator
	@if test -n "$$OPPS_NODE_CLIENTS"; then node tests/conformance/typescript.cjs; fi

wheel: $(READY)  ## Build the wheel and start opps demo from it in a fresh environment
	@.ci/wheel

crash: $(READY)  ## Kill server and database fifty times, or CYCLES=, and look for lost answers
	@$(if $(CYCLES),OPPS_CRASH_CYCLES=$(CYCLES)) $(BIN)/python -m pytest -m crash -s

processes: $(READY)  ## Run opps and PostgreSQL in many processes, and kill those that lead
	@$(BIN)/python -m pytest -m processes -s

mutation: $(READY) $(MUTATION)  ## Change code in small ways, and name each change that no test finds
	@nice $(BIN)/python -m tests.mutation.run --cosmic-ray .mutation/bin/python \
	$(if $(SAMPLE),--sample $(SAMPLE)) $(if $(SEED),--seed $(SEED)) $(ONLY)

deploy: $(DEPLOY)  ## Render and lint what runs opps: image, Compose, Helm chart, systemd units
	@if test -x .deploy/bin/python; then .deploy/bin/python deploy/check.py; \
	else echo "deploy: skipped, the tools that read it do not install here"; fi

setup: $(READY)  ## Make the environment and the commit hooks
	@$(BIN)/pre-commit install

lock: $(READY)  ## Write all lock files anew; make lock UPGRADE=--upgrade takes newer versions
	@UV_CUSTOM_COMPILE_COMMAND="make lock" && export UV_CUSTOM_COMPILE_COMMAND \
	&& lock="$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate \
	--python-version 3.11 --extra embedded $(UPGRADE)" \
	&& $$lock --group dev --extra otel --extra parquet --extra nats --output-file requirements-dev.lock pyproject.toml \
	&& $$lock --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml \
	&& $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
	$(UPGRADE) --group mutation --output-file requirements-mutation.lock \
	&& $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-annotate --python-version 3.11 \
	$(UPGRADE) --group deploy --output-file requirements-deploy.lock

clean:  ## Remove the environment and the sample's data
	rm -rf $(VENV) .mutation .deploy .opps dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(MUTATION): $(READY) requirements-mutation.lock
ifdef UV
	@$(UV) venv --quiet --clear --python $(BIN)/python .mutation
	@$(UV) pip install --quiet --python .mutation/bin/python --require-hashes -r requirements-mutation.lock
else
	@$(BIN)/python -m venv --clear .mutation
	@.mutation/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
		--require-hashes -r requirements-mutation.lock
endif
	@touch $@

# Some of the tools are programs, and not for every machine.
$(DEPLOY): $(READY) requirements-deploy.lock
	@$(BIN)/python -m venv --clear .deploy
	@.deploy/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
		--require-hashes -r requirements-deploy.lock && touch $@ || rm -rf .deploy

$(READY): $(LOCKED) pyproject.toml
ifdef UV
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
else
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--no-deps --no-build-isolation --editable .
endif
	@touch $@

$(LOCKED): requirements-dev.lock
ifdef UV
	@test -x $(BIN)/python || $(UV) venv --quiet --python ">=3.11" $(VENV)
	@$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock
else
	@test -n "$(PYTHON)" || { echo "opps needs Python 3.11 or later; none is on the PATH." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV); this takes half a minute the first time."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-compile \
		--only-binary :all: --require-hashes -r requirements-dev.lock
endif
	@touch $@
