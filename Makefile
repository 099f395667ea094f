# Every command a contributor needs. The only requirements: Python 3.10 or newer, make, and the package registries.
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy

.PHONY: init ui demo test test-long lint format gen bench clean

init: .venv/.ready  ## make .venv with everything for development

$(UV):
	$(PYTHON) -m venv .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.ready: $(UV) uv.lock pyproject.toml packages/assay-mlflow/pyproject.toml
	$(UV) sync --frozen --all-packages --python $(PYTHON) --quiet
	@touch $@

UI_SOURCES := $(shell find ui -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null)

ui: src/assay/server/static/index.html  ## build the web UI into the package

src/assay/server/static/index.html: .venv/.ready $(UI_SOURCES)
	$(BIN)/python hatch_build.py
	@touch $@
