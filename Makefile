# Everything a newcomer needs: `make demo` to see it work, `make test` to prove that it does.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
DEMO := .demo

# Where Python is told to keep no bytecode, every program that a test starts would compile all anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check static format bench proof docs constraints clean

demo: $(VENV)/.ready
	@mkdir -p $(DEMO)
	@rm -rf $(DEMO)/outbox $(DEMO)/rendered $(DEMO)/.newsletter/newsletter.db*
	@cp -R newsletter.toml issues $(DEMO)/
	@cd $(DEMO) && ../$(BIN)/newsletter subscribers import issues/readers.example.csv
	@cd $(DEMO) && ../$(BIN)/newsletter check 2026-11-13 2026-11-20
	@cd $(DEMO) && ../$(BIN)/newsletter render 2026-11-20 -o rendered
	@cd $(DEMO) && ../$(BIN)/newsletter send 2026-11-20 --yes
	@cd $(DEMO) && ../$(BIN)/newsletter status
	@cd $(DEMO) && ../$(BIN)/newsletter preview 2026-11-20

test: $(VENV)/.ready-dev
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

static: $(VENV)/.ready-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: static test

format: $(VENV)/.ready-dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(VENV)/.ready-dev
	$(BIN)/python docs/generate.py

bench: $(VENV)/.ready-dev
	$(BIN)/python -m benchmarks

proof: $(VENV)/.ready-dev
	NEWSLETTER_PROOF=1 $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder -m proof

$(VENV)/bin/pip:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"

$(VENV)/.ready: pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.ready-dev: pyproject.toml constraints.txt | $(VENV)/bin/pip
	$(BIN)/pip install --quiet --constraint constraints.txt --editable . --group dev
	@touch $@ $(VENV)/.ready

# The newest versions that pyproject.toml allows; run `make check` before committing them.
constraints: $(VENV)/bin/pip
	$(BIN)/pip install --quiet --upgrade --upgrade-strategy eager --editable . --group dev
	$(BIN)/pip freeze --exclude-editable > constraints.txt

clean:
	rm -rf $(DEMO) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
