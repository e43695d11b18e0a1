#!/usr/bin/env bash
# A PostgreSQL server of its own, for one command: started empty, deleted afterwards.
#
#   scripts/postgres.sh cargo test --profile ci --features ssr --test stories
#
# The command finds it in QUAD_TEST_POSTGRES_URL. Others source this file after lib.sh and call `start_postgres`.
#
# It listens on a Unix socket in a folder that is closed to others: it asks for no password, and takes no port. What
# makes commits durable stays as it is, since tests rely on it.

postgres_bin=
postgres_folder=

# The folder with PostgreSQL's programs: on PATH, or where Debian keeps them; the newest. Nothing where there is none.
find_postgres() {
  local found
  if has initdb && has postgres && has pg_ctl; then
    dirname "$(readlink -f "$(command -v pg_ctl)")"
    return 0
  fi
  for found in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [[ -x $found/initdb ]]; then
      echo "$found"
      return 0
    fi
  done
}

# PostgreSQL refuses to run as root.
as_postgres_user() {
  if [[ $EUID -eq 0 ]]; then
    # In a folder that this user may be in.
    (cd / && runuser -u "$(postgres_user)" -- "$@")
  else
    "$@"
  fi
}

postgres_user() {
  if id postgres >/dev/null 2>&1; then
    echo postgres
  else
    echo nobody
  fi
}

# start_postgres BIN: exports QUAD_TEST_POSTGRES_URL. The caller sees to `stop_postgres` at its exit.
start_postgres() {
  postgres_bin=$1
  postgres_folder=$(mktemp -d "${TMPDIR:-/tmp}/quad-pg.XXXXXX")
  [[ $EUID -ne 0 ]] || chown "$(postgres_user)" "$postgres_folder"
  as_postgres_user "$postgres_bin/initdb" --pgdata="$postgres_folder/data" --username=postgres --auth=trust \
    --encoding=UTF8 --locale=C --no-instructions >/dev/null
  as_postgres_user "$postgres_bin/pg_ctl" start --wait --silent --pgdata="$postgres_folder/data" \
    --log="$postgres_folder/log" \
    --options="-c listen_addresses='' -c unix_socket_directories=$postgres_folder -c max_connections=300" || {
    tail -n 20 "$postgres_folder/log" >&2
    return 1
  }
  export QUAD_TEST_POSTGRES_URL="postgres://postgres@${postgres_folder//\//%2F}/postgres"
}

stop_postgres() {
  [[ -n $postgres_folder ]] || return 0
  # At once: there is nothing in it to keep.
  as_postgres_user "$postgres_bin/pg_ctl" stop --mode=immediate --silent --pgdata="$postgres_folder/data" >/dev/null 2>&1 || true
  rm -rf "$postgres_folder"
  postgres_folder=
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  cd "$(dirname "${BASH_SOURCE[0]}")/.."
  source scripts/lib.sh
  bin=$(find_postgres)
  [[ -n $bin ]] || fail "there is no PostgreSQL server; install it with: $(how_to_install postgresql postgresql)"
  trap stop_postgres EXIT
  start_postgres "$bin"
  "$@"
fi
