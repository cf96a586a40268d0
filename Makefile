# Uplift: `make` alone lists what there is. Settings are environment variables: docs/operations.md
PYTHON ?= python3
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')
RUN = .venv/bin/python
UV = .tools/bin/uv
# uv takes packages from where pip is told to take them, if it is told.
INDEX = index="$${UV_DEFAULT_INDEX:-$${PIP_INDEX_URL:-$$(.tools/bin/pip config get global.index-url 2>/dev/null)}}"; \
	test -z "$$index" || export UV_DEFAULT_INDEX="$$index"
SYNC = $(INDEX); $(UV) pip sync --require-hashes --compile-bytecode --python $(RUN)
LOCK = $(INDEX); $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	--python-version 3.11

.DEFAULT_GOAL := help
.PHONY: help run test check bench kills setup lock

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 14

run: install-run ## set up what is missing and start Uplift (another port: PORT=8001 make run)
	@exec $(RUN) manage.py up

test: install-dev ## all tests, on a database of their own
	@$(RUN) -m pytest -n auto

check: install-dev ## code, types, templates, settings, migrations and translations
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m mypy .
	$(RUN) -m djlint --check --lint --quiet templates
	find courses platform reporting tests -name '*.py' -exec $(RUN) -m django_upgrade --check --target-version 5.2 {} +
	$(RUN) manage.py check --fail-level WARNING
	$(RUN) manage.py messages --check
	$(RUN) -W 'ignore:Got an error checking:RuntimeWarning' manage.py makemigrations --check --dry-run

bench: install-dev ## measure, on a database server of its own (SIZE=small: 3 minutes; without it an hour and 50 GB; PART=intake)
	@exec $(RUN) -m tests.benchmarks $(or $(SIZE),national) $(PART)

kills: install-dev ## load a million achievements while workers, clock and database are killed, and count again (5 minutes)
	@PYTHONPATH=platform exec $(RUN) -m tests.benchmarks.kills

setup: install-dev ## install everything, the tools of developers too, and start nothing

lock: .tools/uv-$(VERSION) ## write the requirements anew from pyproject.toml
	$(LOCK) --extra embedded --extra redis pyproject.toml --output-file requirements.txt
	$(LOCK) --extra embedded --extra redis --group dev pyproject.toml --constraints requirements.txt \
		--output-file requirements-dev.txt

# Two at once take turns. A stamp is newer than its lock when the installation is complete, and names Python's version.
.PHONY: install-run install-dev
install-run install-dev: install-%:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Uplift needs Python 3.11 or newer. Choose one: PYTHON=python3.12 make")'
	@flock --nonblock . true || echo "Another make is installing here; waiting for it."
	@flock . $(MAKE) --no-print-directory --silent .venv/$*-$(VERSION)

.venv/run-$(VERSION): requirements.txt .venv/made-$(VERSION)
	@echo "Installing what Uplift needs (about 620 MB, once) …"
	$(SYNC) requirements.txt
	rm -f .venv/dev-*
	touch $@

.venv/dev-$(VERSION): requirements-dev.txt .venv/made-$(VERSION)
	@echo "Installing what Uplift and its developers need (about 950 MB, once) …"
	$(SYNC) requirements-dev.txt
	touch .venv/run-$(VERSION) $@

.venv/made-$(VERSION): .tools/uv-$(VERSION)
	$(PYTHON) -m venv --clear --without-pip .venv
	touch $@

.tools/uv-$(VERSION): requirements-uv.txt
	@echo "Fetching the installer …"
	$(PYTHON) -m venv --clear .tools
	.tools/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.txt
	touch $@
