# shellcheck shell=bash
# What the scripts share: words for people, stages with their times, the folder for tools. To be sourced first, in the
# top folder of the repository, after `set -euo pipefail`.

# Tools and downloads that outlive a clone.
# shellcheck disable=SC2034 # it is those who source this that use it
cache=${QUAD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/quad}

# The scripts, the server and the browser tests all look for what is built below `target`.
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR

# A shell that was open while rustup ran does not know its folder yet.
PATH=$PATH:${CARGO_HOME:-${HOME:-}/.cargo}/bin

say() { printf '\n==> %s\n' "$*"; }
note() { printf '    %s\n' "$*"; }
fail() {
  printf '\nError: %s\n' "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

is_ci() { [[ ${CI:-} == true ]]; }

# at_least 1.94 1.95.0: whether the second version is not older than the first.
at_least() { [[ $(printf '%s\n' "$1" "$2" | sort -V | head -n 1) == "$1" ]]; }

duration() { printf '%d:%02d min' $(($1 / 60)) $(($1 % 60)); }

# A value of Cargo.toml that stands alone on its line.
manifest_value() { sed -n "s/^$1 = \"\(.*\)\"/\1/p" Cargo.toml | head -n 1; }

# The version of a crate in Cargo.lock.
locked_version() { sed -n "/^name = \"$1\"$/{n;s/version = \"\(.*\)\"/\1/p;}" Cargo.lock | head -n 1; }

need_rust_and_node() {
  local wanted found
  { has cargo && has rustc; } ||
    fail "Rust is missing; install it with: curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh"
  wanted=$(manifest_value rust-version)
  found=$(rustc --version | cut -d ' ' -f 2)
  at_least "$wanted" "$found" || fail "Rust $wanted or newer is needed, not $found; get it with: rustup update stable"
  has cc || fail "Rust needs a C compiler, and there is none; install it with: $(how_to_install build-essential gcc)"
  { has node && has npm; } ||
    fail "Node 20 or newer is missing; install it with: $(how_to_install 'nodejs npm' node)"
  found=$(node --version)
  at_least 20 "${found#v}" || fail "Node 20 or newer is needed, not ${found#v}; https://nodejs.org/en/download has it"
}

# The command for a person's system, by the names of Debian's packages and of Homebrew's.
how_to_install() {
  if has apt-get; then
    echo "sudo apt-get install $1"
  elif has brew; then
    echo "brew install $2"
  else
    echo "your system's package manager ($1)"
  fi
}

# Installs Debian packages where that is possible without asking a machine; answers whether it did.
apt_install() {
  local as_root=()
  has apt-get || return 1
  if [[ $EUID -ne 0 ]]; then
    has sudo || return 1
    as_root=(sudo)
    # Without a terminal nobody could type the password.
    [[ -t 0 ]] || as_root=(sudo -n)
    "${as_root[@]}" true || return 1
  fi
  say "Installing $* by apt-get (a minute or two, once)"
  "${as_root[@]}" apt-get update -qq || note "the package lists could not be brought up to date; going on with the old ones"
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

stage_lines=()
failed_stages=()

# stage NAME COMMAND…: runs it in a shell of its own, remembers time and outcome, and goes on whatever comes of it.
# To be called on a line of its own: in an `if` or beside `||` bash would no longer stop the command at its first error.
stage() {
  local name=$1 began=$SECONDS status outcome=ok
  shift
  say "$name"
  set +e
  (
    set -e
    "$@"
  )
  status=$?
  set -e
  if [[ $status -ne 0 ]]; then
    outcome=FAILED
    failed_stages+=("$name")
  fi
  stage_lines+=("$(printf '%12s  %-6s  %s' "$(duration $((SECONDS - began)))" "$outcome" "$name")")
}

has_failed() {
  local name
  for name in "${failed_stages[@]+"${failed_stages[@]}"}"; do
    [[ $name != "$1" ]] || return 0
  done
  return 1
}

print_stages() {
  say "Stages"
  printf '%s\n' "${stage_lines[@]}"
  printf '%12s  in all\n' "$(duration "$SECONDS")"
}
