#!/usr/bin/env bash
# `make lint`: formatting, lints on both targets, documentation, licences and sources of dependencies, the scripts, the
# browser tests' types. Runs every check whatever became of the one before.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh
source scripts/tools.sh
source scripts/build.sh

lint_server() { as_cargo_leptos cargo clippy --profile ci --features ssr --all-targets -- -D warnings; }

# In cargo-leptos's own folder for the client, so that build scripts and macros are compiled once.
lint_client() {
  as_cargo_leptos cargo clippy --profile ci --lib --features hydrate --target wasm32-unknown-unknown \
    --target-dir target/front -- -D warnings
}

document() {
  RUSTDOCFLAGS="-D warnings" as_cargo_leptos cargo doc --profile ci --no-deps --document-private-items --features ssr
}

check_dependencies() {
  cargo deny check licenses bans sources
  # Known holes are in a database of their own, which not every network reaches: that is not a finding.
  if timeout 120 cargo deny fetch db >/dev/null 2>&1; then
    cargo deny check --disable-fetch advisories
  else
    note "the advisory database cannot be reached from here: advisories are not checked"
  fi
}

check_scripts() {
  if has shellcheck; then
    shellcheck -x -a scripts/run.sh scripts/dev.sh scripts/test.sh scripts/lint.sh scripts/postgres.sh .ci/run
  else
    note "there is no shellcheck here: bash reads the scripts, and that is all"
    local script
    for script in scripts/*.sh .ci/run; do bash -n "$script"; done
  fi
}

check_browser_tests() {
  [[ -x end2end/node_modules/.bin/tsc ]] || (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-progress)
  (cd end2end && npm run --silent check)
}

need_rust_and_node
need_wasm_target
need_cargo_deny

stage "Formatting" cargo fmt --check
stage "Scripts" check_scripts
stage "Types of the browser tests" check_browser_tests
stage "Licences, versions and sources of dependencies" check_dependencies
stage "Lints, server" lint_server
stage "Lints, client" lint_client
stage "Documentation" document

print_stages
if ((${#failed_stages[@]} > 0)); then
  say "Failed"
  printf '    %s\n' "${failed_stages[@]}"
  exit 1
fi
