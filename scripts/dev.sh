#!/usr/bin/env bash
# `make dev`: demo data, then `cargo leptos watch`, which builds anew and reloads the page when a file changes.
# Arguments go to `quad serve`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh
source scripts/tools.sh
source scripts/build.sh

need_rust_and_node
need_build_tools

say "Building Quad for development (some minutes the first time)"
# As `watch` sets it: Leptos is compiled for one or the other.
LEPTOS_WATCH=true build_ci
target/ci/quad demo || note "No demo data was added."
LEPTOS_SITE_ROOT=$ci_site exec cargo leptos watch --split -- serve "$@"
