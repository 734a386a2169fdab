# Everything a newcomer types. `make demo` and `make test` set up .venv by themselves.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.ready
OUT    ?= out/nano
ARGS   ?=

export QDK_PYTHON_TELEMETRY := none
# Byte code and compiled kernels are kept: without them every command pays for its imports again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test test-slow fuzz coverage check format docs bench-peers wheel clean

help:  ## show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ -/'

$(STAMP): pyproject.toml .ci/constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'qcompile needs Python 3.11 or newer')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip -c .ci/constraints.txt
	$(BIN)/python -m pip install --quiet -c .ci/constraints.txt -e '.[dev]'
	$(BIN)/python -m qcompile.api.warm
	@touch $(STAMP)

setup: $(STAMP)  ## make .venv with everything in it, kernels compiled

demo: setup  ## compile the shipped model nano for google_willow_105 into out/nano
	$(BIN)/qcompile demo --out $(OUT) $(ARGS)

test: setup  ## the default test suite
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

test-slow: setup  ## longer fuzzing and sweeps
	$(BIN)/python -m pytest -n 2 --dist worksteal -m slow $(ARGS)

fuzz: setup  ## random circuits on random machines, resumable; ARGS="--cases 5000 --seed 0 --out out/fuzz"
	$(BIN)/python -m tests.fuzz.run $(ARGS)

coverage: setup  ## kernels with the compiler switched off
	NUMBA_DISABLE_JIT=1 $(BIN)/python -m pytest -q tests/kernels --cov=qcompile/kernels --cov-report=term-missing $(ARGS)

check: setup  ## format, lint, types, layers, tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist worksteal

format: setup  ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench-peers: setup  ## compare with the peers on the same circuits in one run (long); writes docs/benchmarks
	$(BIN)/python -m pip install --quiet -c .ci/constraints.txt -e '.[peers]'
	$(BIN)/python -m tests.benchmarks.peers $(ARGS)
	$(BIN)/python -m tests.benchmarks.scaling
	$(BIN)/python -m tests.benchmarks.table

wheel: setup  ## build the wheel and try it outside the checkout
	$(BIN)/python -m pytest -q tests/test_wheel.py

clean:  ## remove what was made
	rm -rf $(VENV) out dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
