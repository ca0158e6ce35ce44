# make demo: the first comparison.  make test: the tests.  Each sets up .venv by itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint verify mutants bench numba notebooks documents clean

$(VENV)/installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "simsuite needs Python 3.11 or newer; say which with: make demo PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { echo "python3 -m venv does not work here; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Setting up $(VENV) (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-for-tests: $(VENV)/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test]'
	@touch $@

demo: $(VENV)/installed
	@$(BIN)/simsuite compare scenarios/flagship_retailer.toml
	@echo "To call simsuite yourself, first: source $(BIN)/activate"

test: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -n 2 -m "not verification and not benchmark"

verify: $(VENV)/installed-for-tests
	$(BIN)/python -m pytest -n 2 -m "verification"

lint: $(VENV)/installed-for-tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

# Small errors, put into a copy of rules and measures one at a time: does a test notice? make mutants OPTIONS=--again
mutants: $(VENV)/installed-for-tests
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mutants]'
	$(BIN)/python tests/mutants.py $(OPTIONS)

# Other versions of numba than the one installed: machine code, and whether both engines agree.
numba: $(VENV)/installed-for-tests
	@for version in 0.66 0.67 0.68; do \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --target build/numba-$$version "numba==$$version.*" || exit 1; \
	  echo "numba $$version"; \
	  PYTHONPATH=build/numba-$$version:. $(BIN)/python -m pytest -n 2 tests/machine tests/engines/test_engines_agree.py || exit 1; \
	done

# Executes the notebooks anew from their sources.
notebooks: $(VENV)/installed-for-tests
	$(BIN)/jupytext --to ipynb --execute notebooks/*.py

# Renders the documents that are made from the code.
documents: $(VENV)/installed-for-tests
	$(BIN)/python tests/docs/render.py

bench: $(VENV)/installed-for-tests
	$(BIN)/python -m tests.benchmarks

clean:
	rm -rf $(VENV) build *.egg-info
