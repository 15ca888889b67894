# Every word is one line here; what it does is written in deploy/local/ (standard library only) or in the tools' own files.
PYTHON ?= python3
VENV := .venv/bin/python
LOCAL := $(PYTHON) deploy/local
ENVIRONMENT := $(LOCAL) environment
SERVICES := identity customer sales contract finance service-desk

# Words given to make (`make test ONLY=tests/sales ARGS="-k lead"`, `make up KEHU_PORT=8081`) reach the programs by
# the environment: make passes on what stands on its command line.

.DEFAULT_GOAL := help
.PHONY: help up down status reset feed-account compose-env test test-stack test-stack-down check fmt contracts lock console environment bench attack conformance drills journeys fresh pipeline

help:  ## show these words
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

up:  ## run everything on this machine, from nothing; Ctrl-C stops it (KEHU_PORT=8080)
	@$(LOCAL) up

down:  ## stop what runs here, also what a lost terminal left
	@$(LOCAL) down

status:  ## show each process with its id, health, age and address
	@$(LOCAL) status

reset:  ## stop, and drop the private data
	@$(LOCAL) reset

feed-account:  ## make a broker account that reads the stream of events and nothing else (NAME=erp)
	@$(LOCAL) feed-account

compose-env:  ## write the passwords and keys that compose.yaml asks for to .env
	@$(ENVIRONMENT)
	@$(LOCAL) compose-env

test:  ## run every test on a stack of its own (ONLY=tests/sales, ARGS="-k lead")
	@$(LOCAL) test

test-stack:  ## start servers for tests run by hand, and print the lines that name them
	@$(LOCAL) test-stack

test-stack-down:  ## stop those servers
	@$(LOCAL) test-stack-down

check:  ## lint, format, types, import rules, contracts, manifests and the console, all without servers
	@$(ENVIRONMENT)
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .
	$(VENV) -m mypy .
	$(VENV) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	@for service in $(SERVICES); do echo "$(VENV) -m servicekit contracts $$service --check"; \
		$(VENV) -m servicekit contracts $$service --check || exit 1; done
	@$(VENV) -W ignore deploy/broker/write.py --check
	$(VENV) -m pytest -q -p no:pytest_nameko tests/deploy tests/architecture
	@$(LOCAL) check-console

fmt:  ## format the code and mend what the linter can
	@$(ENVIRONMENT)
	$(VENV) -m ruff check --fix-only --quiet .
	$(VENV) -m ruff format .

contracts:  ## write services/*/api/ and the rights on the broker anew from the declarations in the code
	@$(ENVIRONMENT)
	@for service in $(SERVICES); do $(VENV) -m servicekit contracts $$service || exit 1; done
	@$(VENV) -W ignore deploy/broker/write.py

lock:  ## write requirements*.lock anew from the pyproject.toml files (ARGS=--upgrade)
	@$(ENVIRONMENT)
	@$(LOCAL) lock

console:  ## build the console only (make up does it too)
	@$(ENVIRONMENT)
	@$(LOCAL) console

environment:  ## make the virtual environment only
	@$(ENVIRONMENT)

bench:  ## measure, on a platform of its own
	@$(ENVIRONMENT)
	$(VENV) bench/run.py $(ARGS)

attack:  ## attack a platform in every way that tests/attack knows (make test has a fast set)
	@KEHU_ATTACK=full ONLY=tests/attack $(LOCAL) test

conformance:  ## judge a platform by tools and clients that nobody here wrote (make test has a fast set)
	@KEHU_CONFORMANCE=full ONLY=tests/conformance $(LOCAL) test
	@KEHU_CONFORMANCE=full ONLY=tests/console/test_for_everybody.py $(LOCAL) test

drills:  ## break things on purpose at full size, and write docs/reliability.md (make test has a fast set)
	@KEHU_DRILLS=full ONLY=tests/drills $(LOCAL) test

journeys:  ## walk through the console in every way that tests/console knows (make test has a fast set)
	@KEHU_JOURNEYS=full ONLY=tests/console $(LOCAL) test

fresh:  ## try both commands of the README on an empty Debian 12 (as root; a quarter of an hour)
	@$(PYTHON) tests/drills/fresh.py

pipeline:  ## drive the whole of the real data through the HTTP API and print the figures
	@$(ENVIRONMENT)
	$(VENV) tests/system/pipeline.py $(ARGS)
