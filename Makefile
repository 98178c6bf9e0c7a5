# The two commands of the README are `make demo` and `make test`; everything happens inside .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := $(shell find core/src dedup -name '*.rs' -o -name '*.py' -o -name '*.toml' -o -name '*.tsv' -o -name '*.json') \
	core/Cargo.toml core/Cargo.lock pyproject.toml

.PHONY: help demo test fuzz check bench clean

help:  ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

demo: $(VENV)/.installed  ## install into .venv, scan corpora/tiny and print the chains found
	@mkdir -p build
	@$(BIN)/dedup scan corpora/tiny -o build/tiny-report.json
	@echo "the whole report: build/tiny-report.json"

test: $(VENV)/.tested  ## install what the tests need and run them
	cargo test --quiet --manifest-path core/Cargo.toml
	$(BIN)/pytest

fuzz: $(VENV)/.tested  ## try every reader on damaged files for an hour (MINUTES=60)
	$(BIN)/python tests/fuzz.py --minutes $(or $(MINUTES),60)

check: $(VENV)/.linted  ## formatters and linters, warnings as errors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/stubtest --mypy-config-file pyproject.toml dedup._core
	cargo fmt --manifest-path core/Cargo.toml --check
	cargo clippy --quiet --manifest-path core/Cargo.toml --all-targets -- -D warnings
	PYO3_PYTHON=$(abspath $(BIN)/python) cargo clippy --quiet --manifest-path core/Cargo.toml --features python -- -D warnings

bench: $(VENV)/.tested  ## measure, and append to benchmarks/records
	$(BIN)/python benchmarks/reuters.py
	$(BIN)/python benchmarks/passages.py
	$(BIN)/python benchmarks/words_agreement.py
	$(BIN)/python benchmarks/archives.py
	$(BIN)/python benchmarks/resumed.py
	$(BIN)/python benchmarks/extraction.py
	$(BIN)/python benchmarks/boilerplate.py
	$(BIN)/python benchmarks/evidence.py
	$(BIN)/python benchmarks/matches.py
	$(BIN)/python benchmarks/provenance.py
	$(BIN)/python benchmarks/speed.py

clean:  ## remove everything that was built
	rm -rf $(VENV) build core/target

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'  # the first with --group

# The package is installed as a wheel, as a user would have it; any change of a source builds it anew.
$(VENV)/.installed: $(SOURCES) | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check .
	@touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group test
	@touch $@

$(VENV)/.linted: $(VENV)/.tested
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --group lint
	@touch $@
