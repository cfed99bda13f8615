# Two commands: `make run` starts the demonstration, `make test` checks everything. Both install what is missing first.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed
DEMONSTRATION := .venv/demonstration/accounts.txt
SOURCES := campaigns notifications flows api tests benchmarks trust hatch_build.py
BROWSER := $(shell command -v chromium || command -v chromium-browser)
# One more than there are processors: browsers, servers and schedules are waited for.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
OFFICE := $(shell command -v soffice)
LEFT_OUT := $(if $(BROWSER),,not browser)$(if $(BROWSER),,$(if $(OFFICE),, and ))$(if $(OFFICE),,not office)

.PHONY: install run test lint types contracts bench trust pictures clean

install: $(INSTALLED) $(DEMONSTRATION)

$(INSTALLED): pyproject.toml constraints.txt package.json package-lock.json hatch_build.py
	@echo "正在安装到 .venv（约需一分钟）…"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt uv
	$(BIN)/uv pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[test]' \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	@touch $@

# A year's replay is computed once; a start only copies it (flows/serve/prebuilt.py). Its last file is the stamp: a folder's
# own time changes whenever somebody looks into the database in it.
$(DEMONSTRATION): $(INSTALLED) $(wildcard flows/demo/*.py flows/demo/*.yaml campaigns/definition/*.py campaigns/library/*.yaml campaigns/library/*/*.yaml campaigns/store/migrations/versions/*.py)
	@echo "正在准备演示数据（重演2023年整个行动，只在安装时做一次，约一两分钟）…"
	@rm -rf $(@D) $(@D).building
	@RECTIFY_HOME=$(@D).building RECTIFY_DEMO=true RECTIFY_DATABASE_URL= $(BIN)/python -m flows.serve.prepare
	@mv $(@D).building $(@D) && touch $@

run: install
	@exec $(BIN)/rectify run --demo

test: lint types contracts
	@$(if $(BROWSER),,echo "没有找到 chromium，不运行浏览器测试（apt-get install chromium 后会运行）。")
	@$(if $(OFFICE),,echo "没有找到 soffice，不用 LibreOffice 打开文书（apt-get install libreoffice-writer-nogui libreoffice-calc-nogui 后会运行）。")
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope $(if $(LEFT_OUT),-m "$(LEFT_OUT)")

lint: $(INSTALLED)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(INSTALLED)
	$(BIN)/mypy

contracts: $(INSTALLED)
	$(BIN)/lint-imports

bench: install
	$(BIN)/python -m benchmarks

trust: $(INSTALLED)
	$(BIN)/python -m trust

# The README's pictures, taken by the browser test on its way through the live demonstration.
pictures: $(INSTALLED)
	RECTIFY_SCREENSHOTS=1 $(BIN)/python -m pytest tests/browser/test_the_journey.py

clean:
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache api/static/vendor
