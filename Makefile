# PORT, DATABASE_URL and KINDRED_HOME choose the port, the database and the working folder of every target:
#   PORT=8081 KINDRED_HOME=/tmp/other make demo

.DEFAULT_GOAL := help
.PHONY: help setup demo up down smoke test page-test bench loadtest-selftest bench-engine chaos sanitize fuzz-port contract psql \
    format lint clean-home

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

setup: ## install what is missing (packages, embedded PostgreSQL)
	@scripts/setup

demo: ## set up, train, load and serve on http://127.0.0.1:8080 until Ctrl-C
	@scripts/demo

up: ## the same in the background; returns when it is ready
	@scripts/up

down: ## stop what up or demo started
	@scripts/down

smoke: ## run the demo on a free port, check its answers, stop it
	@scripts/smoke

test: ## run every test (ARGS goes to swift test, e.g. ARGS='--filter Kernels')
	@scripts/test $(ARGS)

page-test: ## use the page in a real browser, kill its database meanwhile, check names and contrast
	@Tests/Page/run $(ARGS)

sanitize: ## run the tests of the concurrent parts under sanitizers, and the fuzzers
	@scripts/sanitize

fuzz-port: ## throw arbitrary bytes at the service's port (3 minutes; PORT_FUZZ_SECONDS=15 to try it out)
	@Tests/PortFuzz/run $(or $(PORT_FUZZ_SECONDS),180)

contract: ## hold the service to its /openapi.json, with schemathesis
	@Tests/Contract/run $(ARGS)

bench: ## compare with other services and databases, in turns (BENCH_ROUNDS=1 to try it out)
	@loadtest/bench

loadtest-selftest: ## prove the load generator on a server of known latency (about a minute)
	@scripts/loadtest-selftest

bench-engine: ## compare the query engine with FastAPI, pgbench, bare servers and faiss (10 minutes)
	@Benchmarks/engine/run

chaos: ## everything that can fail, under load, on a database of its own (CHAOS_SECONDS=3 to try it out)
	@loadtest/run-chaos

psql: ## a SQL session with the demo's database
	@scripts/postgres psql

format: ## format the Swift sources
	@swift format --in-place --parallel --recursive Sources Tests Benchmarks sql web Package.swift

lint: ## check format and dependency arrows
	@scripts/check-format
	@scripts/check-arrows

clean-home: ## stop everything and delete the database, the models and the downloaded data
	@scripts/clean-home
