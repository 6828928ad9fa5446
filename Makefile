# Foreword's commands. Type `make` to see them. CONTRIBUTING.md says more.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON_IN := .venv/bin/python
PORT ?= 8000
DIR ?=

.NOTPARALLEL:
.PHONY: help demo run test check bench soak compat lock runtime dev assets

help: ## List the commands
	@echo "Foreword: shared urgent and end-of-life care plans. The commands:"
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' Makefile

demo: assets ## Walk through a made-up world: installs, builds, starts, says whom to sign in as (PORT=8000)
	@exec env DJANGO_SETTINGS_MODULE=config.settings.demo LOG_LEVEL="$${LOG_LEVEL:-WARNING}" \
		BASE_URL="$${BASE_URL:-http://127.0.0.1:$(PORT)}" \
		$(PYTHON_IN) manage.py serve --prepare --port $(PORT)

run: assets ## Start without demo data (DATABASE_URL chooses the database)
	@exec env DJANGO_SETTINGS_MODULE="$${DJANGO_SETTINGS_MODULE:-config.settings.dev}" \
		$(PYTHON_IN) manage.py serve --prepare --port $(PORT)

test: dev assets ## Run every test, on SQLite, on PostgreSQL and in a browser; gets what it needs
	@exec $(PYTHON_IN) scripts/with_services.py $(PYTHON_IN) scripts/run_tests.py

check: dev ## Format, lint, types, import law, migrations, templates, marks, licences, deployment settings
	@exec $(PYTHON_IN) scripts/check.py

bench: dev assets ## Measure the product against its limits (benchmarks/)
	@exec $(PYTHON_IN) scripts/with_services.py $(PYTHON_IN) -m benchmarks.run $(ARGS)

soak: dev assets ## The races and kills of the test suite, many more rounds of each; new generated examples
	@exec env SOAK=1 $(PYTHON_IN) scripts/with_services.py $(PYTHON_IN) scripts/run_tests.py --soak

compat: dev ## Read every form in a folder, write it out again and report what came through: make compat DIR=folder
	@test -d "$(DIR)" || { echo "Say which folder: make compat DIR=path/to/questionnaires" >&2; exit 2; }
	@exec $(PYTHON_IN) scripts/compat.py "$(DIR)"

lock: dev ## Write requirements*.txt from what is installed for requirements*.in
	@exec $(PYTHON_IN) scripts/lock.py

runtime:
	@scripts/bootstrap runtime

dev:
	@scripts/bootstrap dev

assets: runtime
	@$(PYTHON_IN) scripts/build_assets.py
