#!/usr/bin/env bash
# `make test`: every test that a push needs; `--all` adds the long ones. Runs every suite whatever became of the one
# before, says what is left out where something cannot be installed, and ends with the counts. The status is 0 only
# where nothing failed, no suite has fewer tests than scripts/test-minimums.txt says, and, under CI=true, none was left
# out.
# shellcheck disable=SC2317 # what `stage` calls looks unreachable
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/lib.sh
source scripts/tools.sh
source scripts/build.sh
source scripts/postgres.sh

case ${1:-} in
'') with_long=false ;;
--all) with_long=true ;;
*) fail "usage: scripts/test.sh [--all]" ;;
esac

logs=$(mktemp -d "${TMPDIR:-/tmp}/quad-test.XXXXXX")
trap 'stop_postgres; rm -rf "$logs"' EXIT

left_out=()
leave_out() {
  left_out+=("$1")
  note "LEFT OUT: $1"
}

# --- what the tests need ---

need_test_tools() {
  need_rust_and_node
  need_build_tools
  need_node_packages
  need_chromium
  need_postgres
  # Redis is not asked for: no suite uses it yet. The first that does installs it here, as PostgreSQL is.
}

need_node_packages() {
  # npm keeps what it installed under this name.
  ! cmp -s end2end/package-lock.json end2end/node_modules/.quad-lock.json || return 0
  say "Installing the browser tests' packages"
  (cd end2end && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-progress)
  cp end2end/package-lock.json end2end/node_modules/.quad-lock.json
}

# Leaves its path in QUAD_CHROMIUM, or nothing where Playwright has brought its own.
need_chromium() {
  has_browser=true
  if find_chromium; then return; fi
  # Some systems' package of this name installs nothing that runs, so what counts is what is found afterwards.
  if apt_install chromium && find_chromium; then return; fi
  say "Downloading Chromium by Playwright (170 MB, once)"
  if ! (cd end2end && npx playwright install chromium); then
    has_browser=false
    leave_out "browser tests: no Chromium; install it with: $(how_to_install chromium '--cask chromium')"
  fi
}

find_chromium() {
  local name
  for name in "${QUAD_CHROMIUM:-}" chromium google-chrome google-chrome-stable chromium-browser; do
    if [[ -n $name ]] && "$name" --version >/dev/null 2>&1; then
      QUAD_CHROMIUM=$(command -v "$name")
      export QUAD_CHROMIUM
      return 0
    fi
  done
  unset QUAD_CHROMIUM
  return 1
}

need_postgres() {
  [[ -z ${QUAD_TEST_POSTGRES_URL:-} ]] || return 0
  if [[ -z $(find_postgres) ]] && ! apt_install postgresql; then
    leave_out "tests on PostgreSQL: no server; install it with: $(how_to_install postgresql postgresql)"
    return 0
  fi
  start_postgres "$(find_postgres)" || leave_out "tests on PostgreSQL: the server did not start"
}

# --- the suites ---

# cargo_suite NAME OPTIONS…: compiles and runs tests of the server's library and counts them. What hangs is ended, so
# that the other suites have their turn.
cargo_suite() {
  local name=$1 limit=()
  shift
  ! has timeout || limit=(timeout --foreground --kill-after 30s 40m)
  as_cargo_leptos "${limit[@]+"${limit[@]}"}" cargo test --profile ci --features ssr "$@" --no-fail-fast 2>&1 | tee "$logs/$name.log"
}

browser_suite() {
  local status=0
  rm -f end2end/test-results/report.json
  (cd end2end && LEPTOS_SITE_ROOT=$ci_site npx playwright test) || status=$?
  # The counts are read from its report.
  [[ ! -f end2end/test-results/report.json ]] || cp end2end/test-results/report.json "$logs/browser.json"
  return "$status"
}

run_suites() {
  stage "Unit tests" cargo_suite unit --lib --bins
  stage "Stories, on SQLite and PostgreSQL" cargo_suite stories --test stories
  stage "Store conformance, on SQLite and PostgreSQL" cargo_suite conformance --test conformance
  if $with_long; then
    stage "Long tests" cargo_suite long --test long
  fi
  if $has_browser; then
    local build="Server and client for the browser"
    stage "$build" build_ci
    # Against what an earlier build left they would prove nothing.
    if ! has_failed "$build"; then
      stage "Browser tests" browser_suite
    fi
  fi
}

# --- the counts ---

passed=0
failed=0
skipped=0

# Prints the passed, failed and skipped tests of a suite.
counts_of() {
  if [[ -f $logs/$1.json ]]; then
    node -e '
      const { stats } = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
      if (stats.flaky > 0) console.error(`    ${stats.flaky} of the ${process.argv[2]} tests passed only the second time`);
      console.log(stats.expected + stats.flaky, stats.unexpected, stats.skipped);
    ' "$logs/$1.json" "$1"
  elif [[ -f $logs/$1.log ]]; then
    # "test result: ok. 3 passed; 0 failed; 1 ignored; …", once a binary.
    awk '/^test result: / { passed += $4; failed += $6; skipped += $8 } END { print passed + 0, failed + 0, skipped + 0 }' \
      "$logs/$1.log"
  else
    echo 0 0 0
  fi
}

# Adds the counts of every suite, and notes those that have fewer tests than they should.
count_suites() {
  local name minimum suite_passed suite_failed suite_skipped
  say "Tests"
  while read -r name minimum; do
    if [[ $name == long ]] && ! $with_long; then continue; fi
    read -r suite_passed suite_failed suite_skipped < <(counts_of "$name")
    printf '%12s  %5d passed, %d failed, %d skipped\n' "$name" "$suite_passed" "$suite_failed" "$suite_skipped"
    if ((suite_passed < minimum)); then
      failed_stages+=("$name: $suite_passed tests passed, where scripts/test-minimums.txt asks for $minimum")
    fi
    ((passed += suite_passed, failed += suite_failed, skipped += suite_skipped)) || true
  done < <(grep -v '^#' scripts/test-minimums.txt)
}

finish() {
  local line status=0
  print_stages
  count_suites
  if ((${#left_out[@]} > 0)); then
    say "Left out"
    printf '    %s\n' "${left_out[@]}"
    ! is_ci || status=1
  fi
  if ((${#failed_stages[@]} > 0)); then
    say "Failed"
    printf '    %s\n' "${failed_stages[@]}"
    status=1
  fi
  line="$passed passed, $failed failed"
  ((skipped == 0)) || line+=", $skipped skipped"
  printf '\n%s\n' "$line"
  exit "$status"
}

need_test_tools
run_suites
finish
