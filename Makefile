# The two commands that matter: `make preview` and `make test`. `make help` lists the others.

PYTHON ?= python3
STACK  ?= dev
ARGS   ?=
POLICY_CONFIG ?= $(wildcard policies/config/$(STACK).json)

venv    := .venv
python  := $(venv)/bin/python
runtime := $(venv)/.runtime-installed
dev     := $(venv)/.dev-installed
pip     := $(python) -m pip install --quiet --disable-pip-version-check --require-hashes


.DEFAULT_GOAL := help

.PHONY: help
help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 24

.PHONY: preview
preview: $(runtime) ## Preview STACK (dev; several in quotes) and judge it, without AWS, Pulumi CLI or network
	@$(python) -m preview $(STACK) $(ARGS)

.PHONY: test
test: lint ## Lint, then run all tests
	@$(python) -m pytest -n auto --dist worksteal $(ARGS)

.PHONY: mutate
mutate: $(dev) ## Attack the policy pack with generated breakages, and write docs/mutation.md
	@PYTHONPATH=.:policies $(python) -m tests.mutation $(ARGS)

.PHONY: lint
lint: $(dev) ## Check format, style, types and import rules
	@$(venv)/bin/ruff format --check --quiet .
	@$(venv)/bin/ruff check --quiet .
	@$(venv)/bin/basedpyright
	@PYTHONPATH=.:policies $(venv)/bin/lint-imports --no-logo

.PHONY: format
format: $(dev) ## Format the code and mend what can be mended by itself
	@$(venv)/bin/ruff check --fix --quiet .
	@$(venv)/bin/ruff format --quiet .

.PHONY: docs
docs: $(dev) ## Write the generated pages of docs/ anew
	@PYTHONPATH=.:policies $(python) -m tools.generate_docs

.PHONY: bench
bench: $(runtime) ## Measure what a preview costs, a resource at a time
	@PYTHONPATH=.:policies $(python) -m tools.bench $(ARGS)

.PHONY: snapshots
snapshots: $(runtime) ## Write the committed previews of tests/stacks/ anew
	@for stack in dev prod prod-standby; do $(python) -m preview $$stack > tests/stacks/$$stack.txt || exit; done

.PHONY: lock
lock: ## Resolve the lock files anew (needs uv)
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group dev pyproject.toml \
		-c requirements.txt -o requirements-dev.txt
	uv pip compile --quiet --universal --generate-hashes --python-version 3.11 policies/requirements.in \
		-c requirements.txt -o policies/requirements.txt

.PHONY: policy-preview
policy-preview: $(runtime) pulumi ## Run the real engine's preview of STACK with the pack and POLICY_CONFIG (needs AWS credentials)
	pulumi preview --stack $(STACK) --policy-pack policies \
		$(if $(POLICY_CONFIG),--policy-pack-config $(POLICY_CONFIG)) $(ARGS)

.PHONY: up
up: $(runtime) pulumi ## Deploy STACK with the pack and POLICY_CONFIG (needs AWS credentials)
	pulumi up --stack $(STACK) --policy-pack policies \
		$(if $(POLICY_CONFIG),--policy-pack-config $(POLICY_CONFIG)) $(ARGS)

.PHONY: pulumi
pulumi:
	@command -v pulumi >/dev/null || { \
		echo "The Pulumi CLI is not installed. Get it from https://www.pulumi.com/docs/install/ and run 'pulumi login'." >&2; \
		exit 1; }

$(python):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed; '$(PYTHON)' is older or missing. Name one with 'make PYTHON=python3.12 ...'." >&2; \
		exit 1; }
	@$(PYTHON) -m venv $(venv)

$(runtime): requirements.txt | $(python)
	@echo "Installing what the program needs into $(venv) ..." >&2
	@$(pip) -r requirements.txt
	@touch $@

$(dev): requirements-dev.txt $(runtime)
	@echo "Installing what the tests need into $(venv) ..." >&2
	@$(pip) -r requirements-dev.txt
	@touch $@
