# The commands of the README, and what continuous integration calls. Each sets up what it needs.
# `make PYTHON=/path/to/python3 ...` names the interpreter to use.

EXAMPLE ?= examples/northamptonshire/rapid-review-returns-missing.yaml --as-of 2025-11-21
PYTHON ?=
export PYTHON

.PHONY: help setup demo test lint format types imports bench nightly nightly-compare nightly-mutate nightly-asan clean

help:  ## Show these lines
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' $(MAKEFILE_LIST)

setup:  ## Make .venv with everything in it
	@bash scripts/setup.sh

demo: setup  ## Set everything up and check an example case
	@# Status 1 is an answer (something in the case is overdue); 2 and above are failures.
	@.venv/bin/cspr check $(EXAMPLE) || [ $$? -eq 1 ]

test:  ## Set everything up and pass every test, on every Python found
	@bash scripts/test.sh

lint: setup  ## Check style and format
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

format: setup  ## Rewrite the code in the house format
	.venv/bin/ruff check --fix-only --quiet .
	.venv/bin/ruff format .

types: setup  ## Check types, strictly
	.venv/bin/mypy

imports: setup  ## Check which module may import which
	.venv/bin/lint-imports --no-cache

bench: setup  ## Measure how fast it is: ratios, as docs/performance.md explains them
	.venv/bin/python -m benchmarks

nightly: nightly-mutate nightly-compare nightly-asan  ## What takes too long for every change

nightly-compare: setup  ## Compare all engines over 20,000 random cases, and random arrangements
	.venv/bin/cspr agree --cases 20000 --seed "$${CSPR_SEED:-$$(date +%Y%m%d)}"
	CSPR_EXAMPLES=10000 HYPOTHESIS_PROFILE=nightly .venv/bin/python -m pytest -m compare -n auto --maxprocesses=4

nightly-mutate: setup  ## Change every rule of every area and of the nation: do the scenarios notice?
	.venv/bin/cspr test --mutate --fail-under 95

nightly-asan: setup  ## Run the adapter's tests on durable-rules built with AddressSanitizer
	CSPR_EXAMPLES="$${CSPR_EXAMPLES:-100}" bash scripts/asan.sh

clean:  ## Remove everything that these commands have made
	rm -rf .venv .venvs .tools uv.lock .coverage .coverage.* .hypothesis .mypy_cache \
	    .pytest_cache .ruff_cache .import_linter_cache
