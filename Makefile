# make demo   a whole scheme, played then served, on this machine
# make test   everything that must hold, on both database engines
# make help   the rest

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# A stamp carries the checksum of what was installed: a changed lock installs again, an unchanged one costs nothing.
checksum = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
BASE := $(VENV)/.stamp-base-$(call checksum,requirements/build.lock requirements/base.lock)
DEV := $(VENV)/.stamp-dev-$(call checksum,requirements/dev.lock)
PROJECT := $(VENV)/.stamp-project-$(call checksum,pyproject.toml)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

TYPED := poincon scripts tests $(if $(wildcard bench/*.py),bench)
# The checks must not depend on a database that happens to be there.
MANAGE := POINCON_MODE=test DATABASE_URL=sqlite://:memory: $(BIN)/python manage.py

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench lock rights messages accessibility check-production clean \
	check-lint check-format check-types check-templates check-floors check-migrations

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 16

demo: $(PROJECT) ## play the Creuse scenario through the whole way of a pass, then serve it
	$(BIN)/poincon demo

test: $(DEV) $(PROJECT) ## check, then the whole suite on SQLite (every page in a browser) and on PostgreSQL
	@$(BIN)/python -m scripts.test_tools
	@$(BIN)/python -m scripts.run_tests

check: check-lint check-format check-types check-templates check-floors check-migrations ## lint, types, templates, floors, migrations

format: $(DEV) ## rewrite the code as `make check` wants it
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check-lint: $(DEV)
	$(BIN)/ruff check .

check-format: $(DEV)
	$(BIN)/ruff format --check .

check-types: $(DEV)
	$(BIN)/mypy $(TYPED)

check-templates: $(DEV)
	$(BIN)/djlint poincon --lint --quiet

check-floors: $(DEV)
	$(BIN)/lint-imports --no-logo

check-migrations: $(DEV)
	$(MANAGE) makemigrations --check --dry-run

bench: $(DEV) $(PROJECT) ## speed, as ratios measured in one run (a durable PostgreSQL of its own)
	$(BIN)/python -m scripts.with_postgresql --durable $(BIN)/python -m bench

rights: $(DEV) ## write docs/rights.md again from the code
	$(BIN)/python -m scripts.rights_table

accessibility: $(DEV) $(PROJECT) ## write again what the accessibility statement says of the tests
	$(BIN)/python -m scripts.accessibility

check-production: $(PROJECT) ## say what this server still needs before it opens to the public
	@$(BIN)/python -m poincon.config.production

messages: $(DEV) $(PROJECT) ## find the texts of the screens again, keep their translations, compile
	$(BIN)/python -m scripts.messages update

# Exact versions and hashes, for every platform, without the address they came from.
COMPILE = $(VENV)-lock/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-header --python-version 3.11

lock: ## write the locks again from pyproject.toml (UPGRADE=--upgrade for the newest versions)
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet uv
	$(COMPILE) $(UPGRADE) requirements/build.in --output-file requirements/build.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements/base.lock
	$(COMPILE) $(UPGRADE) pyproject.toml --extra dev --output-file requirements/dev.lock

clean: ## remove what was installed or computed here (never a database)
	rm -rf $(VENV) $(VENV)-lock build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Poinçon needs Python 3.11 or newer: make PYTHON=/path/to/python …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
		|| { rm -rf $(VENV); echo "No virtual environment can be made (on Debian: apt-get install python3-venv)"; exit 1; }

$(BASE): | $(BIN)/python
	$(PIP) install --require-hashes --requirement requirements/build.lock --requirement requirements/base.lock
	@rm -f $(VENV)/.stamp-base-* && touch $@

$(DEV): $(BASE)
	$(PIP) install --require-hashes --requirement requirements/dev.lock
	@rm -f $(VENV)/.stamp-dev-* && touch $@

$(PROJECT): $(BASE)
	$(PIP) install --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.stamp-project-* && touch $@
