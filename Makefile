# Two commands: `make run` starts the demonstration, `make test` checks everything. Both install what is missing first.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
SOURCES := campaigns notifications flows api tests benchmarks hatch_build.py
BROWSER := $(shell command -v chromium || command -v chromium-browser)

.PHONY: install run test lint types contracts bench trust clean

install: $(INSTALLED)

$(INSTALLED): pyproject.toml constraints.txt package.json package-lock.json hatch_build.py
	@echo "正在安装到 .venv（约需一分钟）…"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[test]' \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

run: install
	@exec $(BIN)/rectify run --demo

test: lint types contracts
ifeq ($(BROWSER),)
	@echo "没有找到 chromium，不运行浏览器测试（apt-get install chromium 后会运行）。"
	$(BIN)/python -m pytest -n 2 --dist loadscope -m "not browser"
else
	$(BIN)/python -m pytest -n 2 --dist loadscope
endif

lint: install
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: install
	$(BIN)/mypy

contracts: install
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m benchmarks

trust: install
	$(BIN)/rectify verify
	$(BIN)/python -m pytest -n 2 --dist loadscope -m "not browser"

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache api/static/vendor
