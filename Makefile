# Every command a contributor needs. Required: Python 3.10 or newer, make, and the package registries. Nothing else.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
WORKERS ?= 2
SERVE ?= 1
SCANNED := src packages/assay-mlflow/src hatch_build.py
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: help init ui demo test test-long lint scan format gen pictures bench clean

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

init: .venv/.ready  ## make .venv with everything for development

$(UV):
	@echo "Setting up tools ..."
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Assay needs Python 3.10 or newer; set PYTHON=...")'
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: $(UV) uv.lock pyproject.toml packages/assay-mlflow/pyproject.toml
	@echo "Installing the development environment ..."
	$(UV) sync --frozen --all-packages --python $(PYTHON) --quiet
	@touch $@

UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

ui: src/assay/server/static/index.html  ## build the web UI into the package

src/assay/server/static/index.html: .venv/.ready hatch_build.py $(UI_SOURCES)
	@echo "Building the web UI ..."
	$(BIN)/python hatch_build.py build
	@touch $@

demo: init ui  ## train real models, log them, serve the UI until Ctrl-C (SERVE=0 ends once they are logged)
	$(BIN)/python examples/demo.py --directory demo
ifneq ($(SERVE),0)
	cd demo && ../$(BIN)/assay server
endif

test: init ui  ## the default suite: on two cores within ten minutes
	$(BIN)/python hatch_build.py test
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

test-long: init ui  ## the suite with its long forms: more seeds, more faults
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup -m "slow or not slow" --timeout 1800

lint: init  ## style, types, layers, spelling, generated files
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell
	$(BIN)/python tools/gen.py --check
	$(BIN)/python tools/gen_docs.py --check
	$(BIN)/python hatch_build.py lint

scan: init  ## known weaknesses: bandit over the code, pip-audit and npm audit over what it is built on
	$(UV) run --quiet --frozen --isolated --only-group scan --python $(PYTHON) bandit --quiet -c pyproject.toml -r $(SCANNED)
	$(BIN)/python tools/audit.py

format: init  ## put the code in its one style
	$(BIN)/ruff check --fix --quiet .
	$(BIN)/ruff format --quiet .

gen: init  ## regenerate the UI's types and the reference docs from the tables they come from
	$(BIN)/python tools/gen.py
	$(BIN)/python tools/gen_docs.py

pictures: init ui  ## take the pictures of the web UI anew that docs/ shows and tests compare: about four minutes
	$(BIN)/python tools/pictures.py

bench: init ui  ## Assay beside its rivals, each in an environment of its own: see benchmarks/README.md
	$(BIN)/python benchmarks/run.py

clean:  ## remove what make made
	rm -rf .venv .tools .cache ui/node_modules ui/dist src/assay/server/static demo
