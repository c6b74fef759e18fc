# Every target sets itself up: .venv from requirements.lock, and the servers when they are needed.
PYTHON := .venv/bin/python
SOURCES := huiyin services deploy tests

.DEFAULT_GOAL := help
.PHONY: help setup run demo bench faults leaks redaction likeness test test-data clauses check docs clean

help: ## List these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Make or renew .venv (the others do this by themselves)
	@deploy/local/setup.sh

run: setup ## The platform live, with simulated offices at work; data under .local/
	@$(PYTHON) -m deploy.local.run

demo: setup ## All sample complaints to the archive, unattended, then the accounting (3 minutes)
	@$(PYTHON) -m deploy.local.demo

bench: setup ## Measure the platform on this machine, beside what bare clients can do (3 minutes)
	@$(PYTHON) -m deploy.local.bench

faults: setup ## Hurt the platform in every way it must bear, then prove the books (4 minutes)
	@$(PYTHON) -m deploy.local.faults

redaction: setup ## What the redactor finds of planted identities, by kind, and how fast (1 minute)
	@$(PYTHON) -m tests.redaction

likeness: setup ## Find planted incidents among real messages, and compare search with brute force (5 minutes)
	@$(PYTHON) -m tests.likeness

leaks: setup ## Plant 400 invented people everywhere, lead their cases to the archive, look for them (2 minutes)
	@$(PYTHON) -m deploy.local.leaks

test: setup ## Run the tests, with a real RabbitMQ and a real MongoDB
	@$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-data: setup ## Replay real history from ../shared/data through the whole platform, find planted incidents (6 minutes)
	@$(PYTHON) -m pytest -m data -n 2 --dist loadfile --no-loadscope-reorder tests/data

clauses: setup ## Which lines of the offices' rules are shown by scenarios; fails while intake is not complete
	@$(PYTHON) -m tests.clauses --require intake

check: setup ## Check format, lint, types, imports, dependencies, spelling, links and clause marks
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m bandit -q -c pyproject.toml -r huiyin services deploy
	$(PYTHON) -m mypy $(SOURCES)
	.venv/bin/lint-imports
	$(PYTHON) -m deptry .
	.venv/bin/codespell
	$(PYTHON) -m deploy.local.links
	$(PYTHON) -m tests.clauses --marks

docs: setup ## Write what is made from code (docs/events.md, docs/commands.md), and check every link
	$(PYTHON) -m deploy.local.docs
	$(PYTHON) -m huiyin.cli.reference
	$(PYTHON) -m deploy.local.links

clean: ## Remove .venv and all caches; your data under .local/ stay
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find huiyin services deploy tests -name __pycache__ -type d -prune -exec rm -rf {} +
