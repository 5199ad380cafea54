# The commands of Footnote. `make` alone lists them.
# Everything is installed into .venv from the lock files, whose hashes pip checks.

PORT ?= 5000
VENV := .venv
BIN := $(VENV)/bin
UV := uv==0.13.9
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
INSTALL := $(PIP) install --quiet --require-hashes --only-binary=:all:
COMPILE := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate
BUILT_FROM := pyproject.toml archive/__init__.py

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check lint format bench kill-sweep fuzz fuzz-api source-quality lock clean

help:
	@echo "make demo        install, load the sample threads, serve them at http://127.0.0.1:$(PORT)"
	@echo "make test        install, run every test"
	@echo "make check       format, lint, types, arrows, tests: what CI runs"
	@echo "make lint        the same without the tests"
	@echo "make bench       figures of this machine, beside the limits of plain SQLite (LARGE=1: also of a million comments)"
	@echo "make kill-sweep  kill imports at hundreds of moments, and let them be continued: minutes"
	@echo "make fuzz        every reader on damaged files, a minute each (ARGS=\"mbox --seconds 600\" for one of them)"
	@echo "make fuzz-api    500 odd requests of each operation of the API: a quarter of an hour (REQUESTS=50)"
	@echo "make source-quality  learn the weights of suggestions anew (LABELLED=train.jsonl THREADS=\"a.jsonl b.jsonl\")"
	@echo "make format      put the code into its layout"
	@echo "make lock        write the lock files anew (UPGRADE=--upgrade for newer versions)"
	@echo "make clean       remove what the others made, but for footnote-data"

demo: $(VENV)/.runtime
	$(BIN)/footnote demo --port $(PORT)

test: $(VENV)/.development
	@sh .ci/find-chromium
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal $(ARGS)

check: lint test

lint: $(VENV)/.development
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.development
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.development
	$(BIN)/python -m tests.bench $(if $(LARGE),--large) $(ARGS)

kill-sweep: $(VENV)/.development
	$(BIN)/python -m pytest tests/integration/test_killed_import.py --kill-sweep $(ARGS)

fuzz: $(VENV)/.development
	$(BIN)/python -m tests.fuzz $(ARGS)

fuzz-api: $(VENV)/.development
	$(BIN)/python -m pytest tests/unit/web/api/test_api_described.py --odd-requests $(or $(REQUESTS),500) $(ARGS)

source-quality: $(VENV)/.development
	$(BIN)/footnote train --from $(LABELLED) --labels docs/source-quality/labels.tsv $(THREADS:%=--texts %) \
		--write archive/domain/assessment/weights --pictures docs/pictures

lock: $(BIN)/python
	$(PIP) install --quiet "$(UV)"
	$(COMPILE) --python-version 3.11 $(UPGRADE) --extra postgresql --extra training --group build --group dev -o requirements-dev.lock pyproject.toml
	$(COMPILE) --python-version 3.11 --group build -c requirements-dev.lock -o requirements.lock pyproject.toml

clean:
	rm -rf $(VENV) dist footnote-demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .fuzz

# The environment. Each stamp is younger than what it was made from, so a second run installs nothing.

$(BIN)/python:
	@python=$${PYTHON:-$$(sh .ci/find-python)} && echo "$$python -m venv $(VENV)" && "$$python" -m venv --clear $(VENV)

$(VENV)/.runtime: requirements.lock $(BUILT_FROM) $(BIN)/python
	$(INSTALL) -r requirements.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@

$(VENV)/.development: requirements-dev.lock $(BUILT_FROM) $(BIN)/python
	$(INSTALL) -r requirements-dev.lock
	$(PIP) install --quiet --no-deps --no-build-isolation --no-index -e .
	@touch $@ $(VENV)/.runtime
