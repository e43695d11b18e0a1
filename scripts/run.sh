#!/usr/bin/env bash
# `make run`: builds the release server and client where something has changed, fills an empty database with the demo,
# and serves. Arguments go to `quad serve`; QUAD_* variables hold as always.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh
source scripts/tools.sh
source scripts/build.sh

quad=target/release/quad
# Written after a build that succeeded, with the time at which it began.
stamp=target/release/.quad-is-built
# Everything that ends up in the server or the client.
sources=(Cargo.toml Cargo.lock build.rs src style public locales migrations scripts/build.sh scripts/tools.sh)

# cargo-leptos makes the client anew each time; when nothing has changed that would be a minute for nothing.
is_up_to_date() {
  [[ -x $quad && -f $stamp && $(cat "$stamp") == "$(rustc --version)" ]] || return 1
  has_its_client || return 1
  # A folder is newer when a file in it was added, renamed or deleted.
  [[ -z $(find "${sources[@]}" -newer "$stamp" -print -quit) ]]
}

# Whether the client in target/site is the one that this server names in its pages.
has_its_client() {
  local hash
  hash=$(sed -n 's/^js: //p' target/release/hash.txt 2>/dev/null)
  [[ -n $hash && -f target/site/pkg/quad.$hash.js ]]
}

build() {
  need_build_tools
  mkdir -p target/release
  rustc --version >"$stamp.new"
  say "Building Quad for use (about 10 minutes on two cores the first time, 2 after a change)"
  build_release
  mv "$stamp.new" "$stamp"
  note "built in $(duration "$SECONDS")"
}

need_rust_and_node
if is_up_to_date; then
  say "Quad is built already"
else
  build
fi

say "Demo data"
# Where the database is somebody's own, the demo stays out of it, says so, and Quad serves all the same.
"$quad" demo || note "No demo data was added."

say "Serving; Ctrl-C ends it"
exec "$quad" serve "$@"
