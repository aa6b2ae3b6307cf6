# Everything runs from .venv, which these rules make and keep up to date. `make` alone lists them.

VENV := .venv
PY := $(VENV)/bin/python
# The requirements of running it, and those of developing it.
RUN := $(VENV)/run.stamp
DEV := $(VENV)/dev.stamp

PORT ?= 8000
export PORT

PIP_INSTALL := $(PY) -m pip install --quiet --no-input --disable-pip-version-check --require-hashes
LOCK := UV_NO_CONFIG=1 $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --custom-compile-command 'make lock' $(LOCK_ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup run test test-long lint format coverage migrate demo bench bench-forecast openapi patients thresholds \
	browser lock sbom audit

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: $(DEV) ## Make .venv with all requirements of running and testing

run: $(RUN) ## Serve on http://localhost:8000 (PORT=... for another port)
	@$(PY) -m flask --app wsgi db upgrade
	@$(PY) -m flask --app wsgi demo --if-empty
	@LOG_PATH=$${LOG_PATH:-instance/server.log} $(PY) -m flask --app wsgi serve

# The servers and commands that tests start share what the first one compiled. Lint runs beside the tests, which
# leave a core idle at times; what it prints follows theirs where it failed.
test: export PYTHONDONTWRITEBYTECODE =
test: $(DEV) browser ## Lint beside every test (ARGS="-k check_ins" for some)
	@mkdir -p build
	@$(MAKE) --no-print-directory lint >build/lint.log 2>&1 & lint=$$!; \
	$(PY) -m pytest -n auto --dist worksteal $(ARGS); tests=$$?; \
	wait $$lint; lint=$$?; \
	if [ $$lint != 0 ]; then cat build/lint.log; fi; \
	for part in "tests:$$tests" "lint:$$lint"; do \
	  case $$part in *:0) echo "$${part%:*} passed";; *) echo "$${part%:*} FAILED";; esac; \
	done; \
	[ $$tests = 0 ] && [ $$lint = 0 ]

test-long: export TEST_LONG = 1
test-long: test ## The same with every case on both databases, and all that `make test` samples

lint: $(DEV) ## Check style, types, layers and unused dependencies
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/deptry .

format: $(DEV) ## Fix style where a tool can
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

coverage: $(DEV) ## List the lines that no test reaches
	$(PY) -m coverage erase
	$(PY) -m coverage run -m pytest $(ARGS)
	$(PY) -m coverage combine --quiet
	$(PY) -m coverage report

migrate: $(RUN) ## Migrate the database to the newest schema
	$(PY) -m flask --app wsgi db upgrade

demo: $(RUN) ## Fill an empty database with the demo clinic
	$(PY) -m flask --app wsgi demo

bench: $(DEV) ## Requests per second, compared with a floor
	$(PY) -m bench $(ARGS)

# Two processes use both cores: threads of BLAS would only compete with them.
bench-forecast: $(DEV) ## Compare forecasts with simulated truth, then what each part is worth, then decisions (ARGS="--patients 60" for the first)
	@OMP_NUM_THREADS=1 $(PY) -m bench.forecasts $(ARGS)
	@[ -n "$(ARGS)" ] || { echo; OMP_NUM_THREADS=1 $(PY) -m bench.forecasts --additions --patients 60; }
	@[ -n "$(ARGS)" ] || { echo; OMP_NUM_THREADS=1 $(PY) -m bench.forecasts --closed-loop; }

patients: $(DEV) ## Generate docs/clinical/patients.md and its charts
	$(PY) -m tests.scenarios.sheet

openapi: $(RUN) ## Write the OpenAPI document, openapi.json
	$(PY) -m flask --app wsgi openapi write openapi.json

thresholds: $(DEV) ## Write docs/clinical/thresholds.md from the constants' docstrings
	$(PY) -m tests.architecture.thresholds

browser: ## Install Chromium for the tests, if there is none
	@for name in "$$CHROMIUM" chromium chromium-browser google-chrome; do \
	  if [ -n "$$name" ] && command -v "$$name" >/dev/null; then exit 0; fi; \
	done; \
	if ! command -v apt-get >/dev/null; then \
	  echo "The tests need Chromium: install it, and point CHROMIUM at it if it is not on PATH." >&2; exit 1; \
	elif [ "$$(id -u)" = 0 ]; then root=; \
	elif sudo -n true 2>/dev/null; then root="sudo -n"; \
	else echo "The tests need Chromium: run 'sudo apt-get install chromium', or point CHROMIUM at one." >&2; exit 1; \
	fi; \
	$$root apt-get -q update && \
	$$root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 \
	  install --no-install-recommends chromium fonts-liberation

lock: $(PY) ## Pin requirements*.in again (LOCK_ARGS=--upgrade for the newest)
	@$(PY) -m uv --version >/dev/null 2>&1 || $(PY) -m pip install --quiet uv
	$(LOCK) --output-file requirements.txt requirements.in
	$(LOCK) --output-file requirements-dev.txt requirements-dev.in

sbom: $(DEV) ## Write build/sbom.json: what is installed with the server, in CycloneDX
	@mkdir -p build
	$(PY) -W ignore::UserWarning -m cyclonedx_py requirements --pyproject pyproject.toml --output-reproducible \
	  --output-format JSON --output-file build/sbom.json requirements.txt

# A package that could not be looked up fails it too: no answer is not a good answer.
audit: $(DEV) ## Compare the locked packages with published vulnerabilities (needs the internet)
	$(PY) -m pip_audit --requirement requirements.txt --requirement requirements-dev.txt --require-hashes --disable-pip \
	  --strict --progress-spinner off

$(PY):
	@for name in "$$PYTHON" python3.13 python3.12 python3.11 python3; do \
	  if [ -z "$$name" ] || ! command -v "$$name" >/dev/null; then continue; fi; \
	  "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  bare="$$name"; \
	  "$$name" -c 'import ensurepip, venv' 2>/dev/null || continue; \
	  exec "$$name" -m venv --clear $(VENV); \
	done; \
	if [ -n "$$bare" ]; then \
	  echo "$$bare cannot make virtual environments: on Debian and Ubuntu, install the package python3-venv." >&2; \
	else \
	  echo "Python 3.11 or newer is needed: install it, or set PYTHON to where it is." >&2; \
	fi; exit 1

$(RUN): requirements.txt | $(PY)
	$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	$(PIP_INSTALL) -r requirements.txt -r requirements-dev.txt
	@touch $@
