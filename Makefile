# make run · make test · make test-exports · make coverage · make check · make bench · make build · make docs-shots
.DEFAULT_GOAL := help
.PHONY: help run test test-exports coverage check fix bench build docs-shots catalogue lock clean

PYTHON ?= python3
export PYTHON
BIN := .venv/bin

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

run: ## set up what is missing, then open the window (without a screen: process the sample meeting)
	@sh scripts/setup.sh run
	@$(BIN)/python scripts/run.py

test: ## set up what is missing, then run every test
	@sh scripts/setup.sh test
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

test-exports: ## read every export with the programs of others: LibreOffice, poppler, Chromium, FFmpeg
	@sh scripts/setup.sh exports
	@$(BIN)/python -m pytest tests/exports/check_formats.py

coverage: ## run every test and list which lines of core and desktop none of them reaches
	@sh scripts/setup.sh test
	@$(BIN)/coverage erase
	-@$(BIN)/coverage run -m pytest -n 3 --dist loadfile --no-loadscope-reorder  # what limits how much a process may write fails then
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --show-missing

check: ## format, lint, types and import contracts
	@sh scripts/setup.sh test
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

fix: ## repair format and what the linter can repair
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: ## measure what was promised (BENCH="names" for some: see tests/benchmarks)
	@sh scripts/setup.sh test
	@$(BIN)/python -m tests.benchmarks $(BENCH)

build: ## make the application that needs no Python, its packages, and try them by themselves, in dist/ (MODEL=folder takes a model in)
	@sh scripts/setup.sh build
	@$(BIN)/pyinstaller --noconfirm --log-level ERROR build.spec
	@[ "$$(uname -s)" != Linux ] || { $(BIN)/python -m scripts.package_linux && $(BIN)/python -m scripts.try_bundle; }

docs-shots: ## take the pictures of the README from the real window
	@sh scripts/setup.sh test
	@$(BIN)/python scripts/docs_shots.py

catalogue: ## collect the sentences of the code and compile the translations
	@$(BIN)/python scripts/catalogue.py

lock: ## pin the newest versions that pyproject.toml allows (needs uv)
	@uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	  --no-annotate --custom-compile-command "make lock" --upgrade pyproject.toml --group dev -o requirements-dev.lock
	@uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	  --no-annotate --custom-compile-command "make lock" -c requirements-dev.lock pyproject.toml -o requirements.lock

clean: ## remove the virtual environment and everything generated
	rm -rf .venv build dist .mypy_cache .ruff_cache .pytest_cache *.egg-info
