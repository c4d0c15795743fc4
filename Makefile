# Each target is one line over `python -m …`: without make, type that line (README, "Without make").
PYTHON ?= python3
BIN := .venv/bin
RUN := $(BIN)/python -m

.PHONY: setup demo test lint bench

setup: $(BIN)/ready

$(BIN)/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv && $(RUN) pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]' && touch $@

demo: setup
	@$(RUN) grader demo

test: setup
	@$(RUN) pytest -n 2

lint: setup
	@$(RUN) ruff check . && $(RUN) ruff format --check . && $(RUN) mypy

bench: setup
	@$(RUN) benchmarks $(ARGS)
