# shellcheck shell=bash
# How server and client are built together. To be sourced after lib.sh and tools.sh.
#
# Two builds live side by side: the release build (`make run`) in target/release and target/site, and the one for tests
# and development (profile `ci`) in target/ci and target/ci/site, so that neither takes the other's client away.

# Where the client for tests and development lies; cargo-leptos and the server both read LEPTOS_SITE_ROOT.
ci_site=target/ci/site

# cargo-leptos sets this for what it compiles, and Leptos's crates are compiled anew when it changes. Every other cargo
# command of the scripts gets the same, so that all share what is compiled.
as_cargo_leptos() { LEPTOS_OUTPUT_NAME=quad "$@"; }

# With --split, pages that are marked lazy are files of their own, loaded when somebody goes there.
build_release() { LEPTOS_SITE_ROOT=target/site cargo leptos build --release --split --precompress; }

build_ci() { LEPTOS_SITE_ROOT=$ci_site cargo leptos build --split; }
