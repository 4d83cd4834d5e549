# What there is to run; `make help` lists it.
# The newest Python that suits and runs: a shim may stand where no interpreter does.
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c '$(SUITS)' 2>/dev/null && echo $$python && break; done)
SUITS := import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
BIN := .venv/bin
FLASK := $(BIN)/flask --app app

.DEFAULT_GOAL := help
.PHONY: help bench search-quality search-speed serve test test-fast test-clients test-faults test-sync fuzz check package format generated requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

serve: .venv/installed ## Serve on http://127.0.0.1:8000, seeded on the first start (PORT, WORKERS, DATABASE_URL)
	@exec $(FLASK) serve

test: .venv/installed-dev ## Run every test, on SQLite and on PostgreSQL, but for those of test-clients
	$(BIN)/pytest -q -n $(TESTERS) --dist worksteal -m "not registry"

test-fast: .venv/installed-dev ## Run what tells most in a minute: on SQLite alone, without servers and browsers
	$(BIN)/pytest -q -n 2 --dist worksteal --fast

test-clients: .venv/installed-dev ## Run what needs npm's registry: the TypeScript client, compiled, at work
	@command -v npm >/dev/null || { echo "make test-clients needs Node 20 with npm: apt-get install nodejs npm"; exit 1; }
	cd clients/typescript && npm ci --silent --no-audit --no-fund && npm run --silent build
	$(BIN)/pytest -q -m registry tests/sync/test_clients.py tests/sync/test_signatures.py tests/timelines/test_vectors.py

test-faults: .venv/installed-dev ## Kill apply, releases and imports over HTTP at 60 random moments on each store
	LIMBER_KILLS=60 $(BIN)/pytest tests/faults -n 2

test-sync: .venv/installed-dev ## Sync at full size: 1,000 and 300 examples, 100 kills of each client, 20 seconds of writers
	LIMBER_SYNC_EXAMPLES=1000 $(BIN)/pytest tests/sync/test_convergence.py -k "sqlite or mutant"
	LIMBER_SYNC_EXAMPLES=300 $(BIN)/pytest tests/sync/test_convergence.py -k postgresql
	LIMBER_KILLS=100 LIMBER_SYNC_SECONDS=20 $(BIN)/pytest -s tests/sync/test_clients.py tests/sync/test_concurrency.py

fuzz: .venv/installed-dev ## Fuzz the whole API with schemathesis at full size
	LIMBER_FUZZ_EXAMPLES=100 $(BIN)/pytest tests/contract/test_fuzzing.py -n 2

# One more than there are processors: some tests wait for servers and browsers, and others run meanwhile.
TESTERS := $(shell echo $$(($$(nproc) + 1)))

NAMES ?= ../shared/data/free-exercise-db/exercises.json

search-quality: .venv/installed-dev ## Measure how well search finds, on both stores (NAMES=a file of exercises)
	$(BIN)/python -m benchmarks.search_quality $(NAMES)

search-speed: .venv/installed-dev ## Measure how fast search is at 1,000 and 10,000 exercises, and fuzz it
	$(BIN)/python -m benchmarks.search_speed

bench: .venv/installed-dev ## Measure ourselves against nginx, FastAPI and flask-smorest; writes benchmarks/RESULTS.md (needs wrk)
	@command -v wrk >/dev/null || { echo "make bench needs wrk: apt-get install wrk"; exit 1; }
	$(BIN)/python -m benchmarks.bench

check: .venv/installed-dev ## Format, lint, types, import contracts, what is generated, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest -q tests/contract/test_generated.py
	$(BIN)/python deploy/vulnerabilities.py

package: .venv/installed ## Build the package, dist/limber-VERSION-py3-none-any.whl
	$(BIN)/hatchling build -t wheel -d dist

format: .venv/installed-dev ## Format the code and mend what lint can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

generated: .venv/installed-dev ## Write openapi.yaml, its examples, the schemas and fields of seed files, and timelines anew
	$(FLASK) docs examples
	$(FLASK) docs schemas
	$(FLASK) docs fields
	$(FLASK) docs openapi
	$(FLASK) docs readme
	$(FLASK) docs timelines

requirements: .venv/installed-dev ## Pin what pyproject.toml asks for, with hashes
	$(BIN)/uv pip compile pyproject.toml $(PINNED) -o requirements.txt
	$(BIN)/uv pip compile pyproject.toml --group test --group bench --group check -c requirements.txt $(PINNED) -o requirements-dev.txt

clean: ## Remove the environment and the local database
	rm -rf .venv .venv-newest var dist

PINNED := --universal --generate-hashes --no-emit-index-url --no-header --quiet

.venv/installed: requirements-installer.txt requirements.txt
	$(call install,requirements.txt)
	@touch $@

.venv/installed-dev: requirements-installer.txt requirements-dev.txt
	$(call install,requirements-dev.txt)
	@touch .venv/installed $@

# An environment of our own, its packages checked against their hashes.
define install
	@$(or $(PYTHON),false) -c '$(SUITS)' || { echo "Limber needs Python 3.11, 3.12 or 3.13: make PYTHON=/path/to/it $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@test -x $(BIN)/hatchling || $(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-installer.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode -r $(1)
endef
