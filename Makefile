# Luz Verde. `make` alone lists the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
# Python bytecode must be written: without it start-up takes three times as long.
export PYTHONDONTWRITEBYTECODE =
PYTHON := $(or $(shell command -v python3.11),python3)
PY := .venv/bin/python
ENV ?= local

STAGE ?= smoke
OPTIONS ?=
FAULT ?=
ALL ?=
NAME ?=
BASE ?=
RUNS ?=
SEEDS ?=
N ?=
SEED ?=
AREA ?=
RELEASE ?=
GATE ?=
DIGEST ?=
LINE ?=
# Not LANG: the shell has one of its own, and it is no language of ours.
REPORT_LANG := $(if $(filter command line,$(origin LANG)),$(LANG))
# Of the tests that take seconds those that are due today.
A_QUARTER = $(if $(ALL),,-p tests.slow --slow-part-of=$(shell expr $$(date +%s) / 86400))

.PHONY: help setup smoke gate verify report signoff attest plan proof sick mutants check soak test lint format lock sandbox bench clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*?## ' $(MAKEFILE_LIST) | awk 'BEGIN {FS = ":.*?## "} {printf "  make %-10s %s\n", $$1, $$2}'

setup: ## install what is missing: Python packages, PostgreSQL, Redis, a browser, Prometheus
	@$(PYTHON) sandbox/install.py

smoke: setup ## the main job: verify the deployment of ENV (default local) and print a verdict; OPTIONS as below
	@$(PY) -m pytest -m smoke --env="$(ENV)" $(OPTIONS)

gate: setup ## what a merge has to pass: pre-deploy and smoke on the embedded deployment
	@$(PY) -m pytest -m "pre-deploy or smoke"

verify: setup ## one STAGE (pre-deploy, integration, smoke, regression, load) of ENV, with OPTIONS such as --allow-writes
	@$(PY) -m pytest -m "$(STAGE)" --env="$(ENV)" $(OPTIONS)

report: setup ## Allure's report of a run as one HTML file: RUNS="dir dir" (default: the latest), LANG=es|en
	@$(PY) -m reports report $(RUNS) $(if $(REPORT_LANG),--lang="$(REPORT_LANG)")

signoff: setup ## the dossier for a gate: RELEASE=v1.0.0-MVP ENV=staging, and GATE, DIGEST, RUNS="dir dir", LANG=es|en as needed
	@$(PY) -m reports signoff --env="$(ENV)" --release="$(RELEASE)" $(if $(GATE),--gate="$(GATE)") $(if $(DIGEST),--digest="$(DIGEST)") \
		$(if $(REPORT_LANG),--lang="$(REPORT_LANG)") $(if $(RUNS),--runs $(RUNS))

attest: setup ## attest what no machine can see: LINE=W1-D5-T6 or GATE=deploy, with RELEASE and ENV
	@$(PY) -m reports attest --release="$(RELEASE)" $(if $(LINE),--line="$(LINE)") $(if $(GATE),--gate="$(GATE)") \
		$(if $(filter command line,$(origin ENV)),--env="$(ENV)") $(if $(REPORT_LANG),--lang="$(REPORT_LANG)")

plan: setup ## bring the lists of checks in reports/plan/plan.toml and docs/environments.md up to date with the checks
	@$(PY) -m reports plan
	@$(PY) -m fixtures.profile.unlocks

proof: setup ## which fault kills which check: what the change since BASE can touch and a tenth of the rest; ALL=1, or FAULT="name other"
	@$(PY) -m proof $(if $(ALL),--all) $(if $(BASE),--base="$(BASE)") $(FAULT) $(OPTIONS)

sick: setup ## how useful a verdict on a really broken deployment is: all named ones, SEEDS=40 drawn ones more; or NAME="first-boot seed-7"
	@$(PY) -m proof.sick $(if $(SEEDS),--seeds="$(SEEDS)") $(NAME) $(OPTIONS)

mutants: setup ## what no check asks: N=200 changes of the product's code, drawn by SEED=1, of one AREA; or NAME="id id"
	@$(PY) -m proof.mutants $(if $(N),--number="$(N)") $(if $(SEED),--seed="$(SEED)") $(if $(AREA),--area="$(AREA)") $(NAME) $(OPTIONS)

check: setup ## the inner loop: NAME=test_x (a function, a file or a node id), healthy, under its faults, lint and types
	@$(PY) -m proof.check "$(NAME)"

soak: setup ## false alarms: STAGE again and again on the healthy sandbox, RUNS times in different conditions
	@$(PY) -m proof.soak --stage="$(STAGE)" --runs="$(or $(RUNS),7)"

test: setup ## the suite's own tests: of those that take seconds a quarter, another every day; ALL=1 all of them
	@$(PY) -m pytest tests --ignore=tests/bench -n 3 --dist loadfile --tb=short $(A_QUARTER)

lint: setup ## ruff, mypy, and the linters of workflows and manifests
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.github-workflows .github/workflows/*.yml
	@.venv/bin/check-jsonschema --quiet --builtin-schema vendor.compose-spec load/deploy/compose.yaml
	@.venv/bin/kubernetes-validate --quiet --strict load/deploy/kubernetes.yaml
	@.venv/bin/zizmor --offline --quiet .github/workflows

format: setup ## rewrite the code in the house format
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

lock: ## compile requirements.lock anew from pyproject.toml
	@.venv/bin/uv pip compile --quiet pyproject.toml --all-extras --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --python-version 3.11 --output-file requirements.lock

sandbox: setup ## start the embedded deployment and keep it until Ctrl-C; local runs attach to it
	@$(PY) -m sandbox up --share

bench: setup ## speed and memory, as ratios against a bare-bones floor; what takes minutes by quarters as in make test; ALL=1 all
	@$(PY) -m pytest tests/bench -s $(A_QUARTER)

clean: ## remove the virtual environment, caches and reports
	@rm -rf .venv .cache reports/out .mypy_cache .ruff_cache .pytest_cache .hypothesis
