# shellcheck shell=bash
# The tools that build the client, each of one exact version in a folder of its own below the cache, so that versions
# of several clones live side by side. One of the right version that is on PATH already is used as it is.
# To be sourced after lib.sh; `need_build_tools` installs what is missing and puts it on PATH.

cargo_leptos_version=0.3.10
cargo_deny_version=0.20.2
# Binaryen has wasm-opt, which shrinks the client; its npm package brings a ready program.
binaryen_version=132.0.0

need_build_tools() {
  need_wasm_target
  need_cargo_leptos
  need_wasm_bindgen
  need_wasm_opt
}

need_wasm_target() {
  [[ ! -d $(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown ]] || return 0
  has rustup || fail "this Rust cannot compile for the browser, and there is no rustup to add that; see https://rustup.rs"
  say "Adding Rust's target for browsers (20 MB, once)"
  rustup target add wasm32-unknown-unknown
}

need_cargo_leptos() {
  # It may fetch nothing by itself: what it needs is installed here, in versions that are known to work.
  need_cargo_tool cargo-leptos "$cargo_leptos_version" "about 10 minutes" \
    --locked --no-default-features --features no_downloads
}

# The program must be of exactly the version of the library. Without --locked: its lock file is older than what the
# library was built with.
need_wasm_bindgen() { need_cargo_tool wasm-bindgen-cli "$(locked_version wasm-bindgen)" "about 3 minutes"; }

need_cargo_deny() { need_cargo_tool cargo-deny "$cargo_deny_version" "about 3 minutes" --locked; }

# need_cargo_tool CRATE VERSION HOW-LONG OPTIONS…
need_cargo_tool() {
  local crate=$1 version=$2 how_long=$3
  local program=${crate%-cli}
  local folder=$cache/$program-$version quiet=()
  shift 3
  if [[ ! -x $folder/bin/$program ]]; then
    [[ $(version_of "$program") != "$version" ]] || return 0
    say "Compiling $crate $version ($how_long on two cores, once)"
    # To a file, hundreds of lines about progress are of no use.
    [[ -t 2 ]] || quiet=(--quiet)
    cargo install "$crate@$version" "$@" "${quiet[@]+"${quiet[@]}"}" --root "$folder"
  fi
  PATH=$folder/bin:$PATH
}

version_of() { "$1" --version 2>/dev/null | head -n 1 | grep -oE '[0-9]+\.[0-9]+\.[0-9]+' || true; }

need_wasm_opt() {
  local folder=$cache/binaryen-$binaryen_version
  if [[ ! -x $folder/node_modules/.bin/wasm-opt ]]; then
    [[ $(wasm-opt --version 2>/dev/null) != *"version ${binaryen_version%%.*} "* ]] || return 0
    say "Installing wasm-opt $binaryen_version (100 MB, once)"
    npm install --silent --no-save --prefix "$folder" "binaryen@$binaryen_version"
  fi
  PATH=$folder/node_modules/.bin:$PATH
}
