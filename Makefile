# One word per job. `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
DATA_DIR := $(or $(TRACKER_DATA_DIR),var)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install install-dev run demo secrets backup restore test check format bench bench-polls bench-archive bench-language screenshots faults month reference

help: ## list the commands
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | while IFS=$$'\t' read -r name text; do \
		printf '  make %-12s %s\n' "$$name" "$$text"; done

# --- installation: the stamps make a second call take no time ---

# $(1) lock file; uv is quick, plain pip does the same where uv cannot be had
define install_lock
	@echo "Installing $(1). The first time takes a minute or two."
	@$(BIN)/python -m pip install --quiet uv 2>/dev/null || echo "uv could not be installed; pip does it alone."
	@if [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1); then :; \
	else $(BIN)/python -m pip install --quiet --require-hashes -r $(1); fi
endef

.venv/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and '$(PYTHON)' was not found."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "A virtual environment could not be made (on Debian: apt-get install python3-venv)."; exit 1; }

.venv/installed: requirements.lock | .venv/pyvenv.cfg
	$(call install_lock,requirements.lock)
	@touch $@

.venv/installed-dev: requirements-dev.lock | .venv/pyvenv.cfg
	$(call install_lock,requirements-dev.lock)
	@touch $@ .venv/installed

$(DATA_DIR)/secret_key: | .venv/installed
	@$(BIN)/python -m tracker.env secret-key

install: .venv/installed ## make .venv and install what the product runs on
install-dev: .venv/installed-dev ## install, and the tools for tests and checks

# --- the product ---

run: install | $(DATA_DIR)/secret_key ## start everything at http://localhost:8000
	@exec $(BIN)/python manage.py up

demo: export TRACKER_DATA_DIR := $(or $(TRACKER_DATA_DIR),var/demo)
demo: export TRACKER_SAMPLE := true
demo: export TRACKER_FETCH_LOOPBACK := $(or $(TRACKER_FETCH_LOOPBACK),127.0.0.1:8765)
demo: export TRACKER_SWEEP_S := 0.5
demo: export TRACKER_HOST_DELAY_S := 0.05
demo: export TRACKER_RECHECK_FIRST_S := 20
demo: export DATABASE_URL :=
demo: export DATABASE_URL_FILE :=
demo: export TRACKER_BROKER_URL :=
demo: install ## the whole pipeline on an invented sample, without network
	@$(BIN)/python -m tracker.env secret-key
	@exec $(BIN)/python manage.py up --demo

secrets: ## write random secrets for docker-compose into var/secrets, unless they are there
	@mkdir -p var/secrets && chmod 700 var/secrets
	@[ -e var/secrets/secret_key ] || $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(48), end="")' > var/secrets/secret_key
	@[ -e var/secrets/postgres_password ] || $(PYTHON) -c 'import secrets; print(secrets.token_hex(24), end="")' > var/secrets/postgres_password
	@[ -e var/secrets/database_url ] || printf 'postgres://retort:%s@postgres:5432/retort' \
		"$$(cat var/secrets/postgres_password)" > var/secrets/database_url
	@chmod 644 var/secrets/* # the containers' user has another id; the folder keeps others out

backup: install ## database and archive into one file, while the product may run; FILE=name.tar
	@$(BIN)/python manage.py backup $(if $(FILE),"$(FILE)")

restore: install | $(DATA_DIR)/secret_key ## FILE=name.tar into an empty install; REPLACE=1 deletes what is there
	@[ -n "$(FILE)" ] || { echo "Name the backup: make restore FILE=var/backups/retort-DAY-TIME.tar"; exit 1; }
	@$(BIN)/python manage.py restore "$(FILE)" $(if $(REPLACE),--replace)

# --- work on the product ---

test: install-dev ## all tests: SQLite, then PostgreSQL, Redis and the browser where they are found
	@tests/run.sh

check: install-dev ## format, lint, types, import rules, templates, security, architecture, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint templates --lint
	$(BIN)/bandit --quiet --recursive tracker --configfile pyproject.toml
	$(BIN)/pytest -q tests/architecture
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python manage.py makemigrations --check --dry-run

format: install-dev ## rewrite the code in the house style
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

reference: install ## rewrite the generated pages of docs/reference
	$(BIN)/python -m tracker.env reference > docs/reference/settings.md
	$(BIN)/python -m tracker.sources.reference > docs/reference/kinds.md

bench: install-dev ## speed figures; SIZE=small or 1m
	$(BIN)/python benchmarks/speed/run.py --size $(or $(SIZE),small)

bench-polls: install-dev ## feeds per second on loopback, cold and unchanged, beside the library `reader`
	$(BIN)/python benchmarks/speed/polls.py

bench-archive: install-dev ## bytes per page, and write and read time, at 10,000 archived pages
	$(BIN)/python benchmarks/speed/archive.py

bench-language: install-dev ## articles per second of the language stage beside plain spaCy, and memory
	$(BIN)/python benchmarks/speed/language.py

screenshots: install-dev ## docs/screenshots from the running pages (needs chromium)
	$(BIN)/python docs/make_screenshots.py

faults: export FAULTS := full
faults: install-dev ## every way to misbehave, on both databases, and the long kill test: 300 jobs, 20 kills
	$(BIN)/pytest -q -n 0 tests/faults tests/nlp/test_bad_input.py
	DATABASE_URL=$${TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/retort} \
		$(BIN)/pytest -q -n 0 tests/faults/test_matrix.py

month: install-dev ## a simulated month: 200 endpoints with faults; takes some minutes
	$(BIN)/python -m tests.month.run
