# Every target sets itself up in .venv; nothing is needed but Python 3.11 or later and make.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --require-virtualenv

ifeq ($(origin PYTHON), undefined)
PYTHON := $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$python; break; }; \
	done)
endif

.PHONY: help demo test chromium check lint types imports house audit soak bench chinese docs requirements comparison clean
.DEFAULT_GOAL := help

help:  ## say what there is to make
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{ printf "  %s %-13s", $$1, $$2; $$1 = $$2 = ""; print }'

demo: $(VENV)/.runtime  ## plan, run and report a simulated study, and open its board in a browser
	@$(BIN)/earlyphase demo

test: $(VENV)/.dev chromium  ## run every test
	HYPOTHESIS_PROFILE=ci $(BIN)/pytest -n auto --dist worksteal

# The browser of the browser tests, from Debian where it may be installed; without it they are skipped, and say so.
chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
		[ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; } || \
		echo "No chromium here, and none could be installed: the browser tests will be skipped."

check: lint types imports house audit  ## lint, format, types, imports, house rules, advisories (make -k check: all of them, though one fails)

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/pyright

imports: $(VENV)/.dev
	$(BIN)/lint-imports --no-logo

house: $(VENV)/.dev
	$(BIN)/pytest -q tests/spec/test_house.py

audit: $(VENV)/.dev
	$(BIN)/python tools/audit.py

KILLS := 100
INPUTS := 1000000
EXAMPLES := 20000
SEED := 1

soak: $(VENV)/.dev  ## kill processes under load and fuzz everything, for an hour or two (KILLS, INPUTS, EXAMPLES, SEED)
	$(BIN)/python -m tests.soak.kills --times $(KILLS) --seed $(SEED)
	$(BIN)/python -m tests.soak.fuzz --count $(INPUTS) --seed $(SEED)
	EARLYPHASE_API_EXAMPLES=$(EXAMPLES) $(BIN)/pytest -q tests/web/test_api_schema.py

bench: comparison  ## measure what has an aim, and say whether it is met
	@$(BIN)/python -m benchmarks.run

chinese: $(VENV)/.dev  ## bring the Chinese catalogue up to date, and name what it lacks
	@$(BIN)/python tools/catalogue.py

screenshots: $(VENV)/.dev  ## take a picture of every page, light, dark and as wide as a phone, in build/screenshots
	@$(BIN)/python tools/screenshots.py

docs: $(VENV)/.dev chromium  ## build the site of the documentation in build/docs, with pictures of the pages
	@$(BIN)/python tools/screenshots.py || echo "No pictures: the page that shows them says so."
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going docs build/docs
	@echo "Open build/docs/index.html"

# Versions that still satisfy pyproject.toml stay as they are; `make requirements UPGRADE=--upgrade` takes the newest.
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make requirements" $(UPGRADE)

requirements: $(BIN)/uv  ## pin every dependency of pyproject.toml by version and hash
	$(COMPILE) --group dev --output-file requirements/dev.txt pyproject.toml > /dev/null
	$(COMPILE) --group comparison --constraint requirements/dev.txt --output-file requirements/comparison.txt pyproject.toml > /dev/null
	$(COMPILE) --group setup --constraint requirements/dev.txt --output-file requirements/runtime.txt pyproject.toml > /dev/null

$(BIN)/uv: | $(VENV)/.dev

comparison: $(VENV)/.comparison  ## add the software and data of others that some tests and benchmarks compare with

clean:  ## remove all that was made, .venv included
	rm -rf $(VENV) build dist demo .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# A stamp says that the requirements were installed as they stand now.
$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(BIN)/python
	@$(PIP) install -qq --require-hashes --requirement requirements/runtime.txt
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt pyproject.toml | $(BIN)/python
	@$(PIP) install -qq --require-hashes --requirement requirements/dev.txt
	@$(PIP) install -qq --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.runtime $@

$(VENV)/.comparison: requirements/comparison.txt $(VENV)/.dev
	@$(PIP) install -qq --require-hashes --requirement requirements/comparison.txt
	@touch $@

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "earlyphase needs Python 3.11 or later, and none was found: install one, or name it: make PYTHON=/path/to/python" >&2; \
		exit 1; }
	@echo "Setting up $(VENV) with $$($(PYTHON) --version) (once; a minute or two)"
	@$(PYTHON) -m venv $(VENV) || { \
		echo "$(PYTHON) cannot make a virtual environment: install its venv module (on Debian: apt-get install python3-venv)" >&2; \
		rm -rf $(VENV); exit 1; }
