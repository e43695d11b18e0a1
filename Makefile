# The commands of this project. Each is a readable script in scripts/; docs/development.md says more.

.PHONY: help run dev test test-all lint fmt

help: ## Show this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

run: ## Build Quad and serve it with demo data at http://127.0.0.1:3000 (ARGS="…" goes to quad serve)
	@scripts/run.sh $(ARGS)

dev: ## The same while developing: rebuilds and reloads when a file changes
	@scripts/dev.sh $(ARGS)

test: ## Every test that a push needs
	@scripts/test.sh

test-all: ## Those, and the long ones
	@scripts/test.sh --all

lint: ## Formatting, lints, documentation, licences
	@scripts/lint.sh

fmt: ## Format the code
	@cargo fmt
