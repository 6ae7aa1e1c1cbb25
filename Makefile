# make run · make test · make check · make bench · make backup · make restore FILE=…
PYTHON ?= python3.11
VENV := .venv
PY := $(VENV)/bin/python
export PORT ?= 8000
export PYTHONDONTWRITEBYTECODE ?= 1
.PHONY: run test check bench leaks backup restore demo clean
.DEFAULT_GOAL := run

$(VENV)/.product: requirements.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@echo "Installation des bibliothèques (une à trois minutes la première fois)…"
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.tests: requirements.txt requirements-test.txt
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-test.txt
	@touch $@ $(VENV)/.product

run: $(VENV)/.product
	@$(PY) manage.py prepare $(if $(filter no,$(DEMO)),--no-demo)
	@exec $(PY) manage.py serve

demo: $(VENV)/.product
	@$(PY) manage.py prepare

test: $(VENV)/.tests
	@VENV=$(VENV) bash tests/run.sh

check: $(VENV)/.tests
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=.:site $(VENV)/bin/lint-imports
	DATA_DIR=$$(mktemp -d) $(PY) manage.py makemigrations --check --dry-run
	DATA_DIR=$$(mktemp -d) BASE_URL=https://mairie.example $(PY) manage.py check --deploy --fail-level WARNING

bench: $(VENV)/.tests
	@PYTHONPATH=.:site $(PY) -m bench

backup: $(VENV)/.product
	@$(PY) manage.py backup

restore: $(VENV)/.product
	@test -n "$(FILE)" || { echo "Dites quelle sauvegarde : make restore FILE=…"; exit 2; }
	@$(PY) manage.py restore "$(FILE)" $(if $(filter yes,$(FORCE)),--force)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache
