# make run · make test · make check · make leaks · make bench · make backup · make restore FILE=…
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
export PORT ?= 8000
export PYTHONDONTWRITEBYTECODE ?= 1
.PHONY: words run test check leaks bench backup restore demo clean
.DEFAULT_GOAL := run

# Installed again only when what is asked for changed: the stamp holds the hash, not a date that git rewrites.
define install
	@command -v $(PYTHON) >/dev/null || test -x $(PY) || { \
	  echo "Il manque Python 3.11. Sur Debian 12 : apt install python3.11 python3.11-venv"; \
	  echo "Ailleurs, dites où il est : make run PYTHON=/chemin/python3.11"; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Il manque le module venv. Sur Debian 12 : apt install python3.11-venv"; exit 1; }
	@test "$$(cat $(2) | sha256sum)" = "$$(cat $@ 2>/dev/null)" || { \
	  echo "Installation des bibliothèques (une à trois minutes la première fois)…"; \
	  $(PY) -m pip install --quiet --disable-pip-version-check -r $(1) && cat $(2) | sha256sum > $@; }
	@touch $@
endef

$(VENV)/.product: requirements.txt
	$(call install,requirements.txt,requirements.txt)

$(VENV)/.tests: requirements.txt requirements-test.txt
	$(call install,requirements-test.txt,requirements.txt requirements-test.txt)

run: $(VENV)/.product
	@$(PY) manage.py prepare $(if $(filter no,$(DEMO)),--no-demo)
	@exec $(PY) manage.py serve

demo: $(VENV)/.product
	@$(PY) manage.py prepare

test: $(VENV)/.tests
	@VENV=$(VENV) bash tests/run.sh

# Every door and every question, as each of the cast, on both databases, and axe on every screen in both dresses: make test
# shares them out.
leaks: $(VENV)/.tests
	@CRAWL=whole $(PY) -m pytest -q tests/leaks tests/journeys/test_accessibility.py
	@CRAWL=whole $(PY) -m tests.postgresql $(PY) -m pytest -q -m django_db tests/leaks

check: $(VENV)/.tests
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=.:site $(VENV)/bin/lint-imports
	@set -e; export DATA_DIR=$$(mktemp -d); trap 'rm -rf "$$DATA_DIR"' EXIT; \
	  echo makemigrations --check; $(PY) manage.py makemigrations --check --dry-run; \
	  echo check --deploy; BASE_URL=https://mairie.example $(PY) manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.tests
	@PYTHONPATH=.:site $(PY) -m bench

backup: $(VENV)/.product
	@$(PY) manage.py backup

restore: $(VENV)/.product
	@test -n "$(FILE)" || { echo "Dites quelle sauvegarde : make restore FILE=…"; exit 2; }
	@$(PY) manage.py restore "$(FILE)" $(if $(filter yes,$(FORCE)),--force)

# Our French over Wagtail's: the .mo is kept beside the .po, so that nothing but Python is needed to run (gettext makes it).
words:
	@msgfmt -o site/locale/fr/LC_MESSAGES/django.mo site/locale/fr/LC_MESSAGES/django.po

# The town's data (DATA_DIR, var/) stay.
clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
