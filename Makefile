# make run: the whole site. make test: the whole suite. Both install what they need first.

PYTHON ?= python3
DATA_DIR ?= $(CURDIR)/var
BIN := .venv/bin
TESTS ?= tests
# More processes than there are cores (tests/conftest.py), each with its share of the threads. Plain pytest, without these options, runs in one.
# Compiled code is kept even where PYTHONDONTWRITEBYTECODE is set: each process would compile all tests anew.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --numprocesses logical --maxprocesses 8 --dist loadgroup --no-loadscope-reorder
STATIC_MANIFEST := $(DATA_DIR)/static/staticfiles.json
export DATA_DIR

.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-fast check chaos lint format openapi messages lock chromium

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

run: setup $(STATIC_MANIFEST) ## Start web server and workers; Ctrl-C stops both
	@$(BIN)/python manage.py prepare
	@exec deploy/run

setup: .venv/.installed node_modules/.installed ## Install what the site needs

setup-dev: setup .venv/.installed-dev ## Install what tests and lint need, too

test: setup-dev chromium ## Run the whole suite, or TESTS=tests/gallery
	$(PYTEST) $(TESTS)

# Both at the same time; the output of each comes whole, when it is over.
check: setup-dev ## Lint, types and the fast tests: what to run before each commit
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target --keep-going lint test-fast

test-fast: setup-dev ## Tests that need no database, no browser and no processes of their own
	$(PYTEST) -m "not slow and not browser and not database" $(TESTS)

chaos: setup-dev ## Jobs while workers are killed: long form; CHAOS="--database postgres --broker redis"
	$(BIN)/python -m tests.chaos $(CHAOS)

lint: setup-dev ## Style, types, templates, import layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/djlint --quiet --lint templates
	$(BIN)/lint-imports

format: setup-dev ## Format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: setup ## Write the description of the API anew: docs/openapi.yaml
	$(BIN)/python manage.py spectacular --lang en --fail-on-warn --file docs/openapi.yaml

messages: setup ## Put newly marked strings into locale/*/LC_MESSAGES, those of scripts into djangojs.po
	for domain in django djangojs; do \
		PYTHONPATH=. $(BIN)/pybabel --quiet extract --mapping-file babel.$$domain.cfg --sort-by-file --no-location --omit-header \
			--keywords "gettext_noop gettext_lazy ngettext_lazy:1,2 pgettext_lazy:1c,2 npgettext_lazy:1c,2,3" \
			--keywords "UploadError:2 GuidanceError:2 RefusedError:2 JobFailedError:2 TransientJobError:2" \
			--keywords "UnknownFormatError SeveralFramesError TooManyPagesError LockedDocumentError BlankPageError" \
			--keywords "UnreadablePictureError PictureTooLargeError UnsupportedPixelsError UnsupportedFormatError" \
			--keywords "NotEmbeddableError TooMuchToEmbedError TooLittleMemoryError" --output-file locale/$$domain.pot . && \
		$(BIN)/pybabel --quiet update --domain $$domain --output-dir locale --input-file locale/$$domain.pot \
			--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap || exit 1; \
		rm locale/$$domain.pot; \
	done

lock: setup-dev ## Pin requirements*.txt anew from requirements*.in
	for name in requirements requirements-training requirements-dev; do \
		$(BIN)/pip-compile --quiet --allow-unsafe --strip-extras --no-header --no-annotate \
			--no-emit-index-url --no-emit-find-links --output-file $$name.txt $$name.in || exit 1; \
	done
	# The version suffix of a CPU build would not install on other machines.
	sed -i.old 's/+cpu$$//' requirements*.txt && rm requirements*.txt.old

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Tintype needs Python 3.11 or newer, for example: make $(MAKECMDGOALS) PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/.installed: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.venv/.installed-dev: requirements-dev.txt .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

node_modules/.installed: package.json package-lock.json
	@command -v npm >/dev/null || { echo "Tintype needs Node with npm for its front-end packages: install Node 20 or newer."; exit 1; }
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

# Collecting takes longer than the rest of the start: only when a file was added, removed or changed.
$(STATIC_MANIFEST): .venv/.installed node_modules/.installed colorsite/settings.py $(shell find static)
	@$(BIN)/python manage.py collectstatic --no-input --verbosity 0
	@touch $@

chromium:
	@command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || deploy/install-chromium
