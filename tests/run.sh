#!/usr/bin/env bash
# The whole suite: once on SQLite, then on PostgreSQL, with Redis and in a browser where they are found.
# REQUIRE_ALL=1 makes a missing one a failure. TEST_POSTGRES_URL and TEST_REDIS_URL say where to look.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=.venv/bin/python
PYTEST=.venv/bin/pytest
export TEST_POSTGRES_URL=${TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/retort}
export TEST_REDIS_URL=${TEST_REDIS_URL:-redis://127.0.0.1:6379/0}
# Forty processes start here: compiling every package in each of them would take as long as the tests themselves.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=${PYTHONPYCACHEPREFIX:-$PWD/.bytecode_cache}
REQUIRE_ALL=${REQUIRE_ALL:-}
PLAIN="not services and not browser"
missing=()
failed=()
aside=()
reports=$(mktemp -d)
trap 'for pid in $(jobs -p); do kill -- "-$pid" 2>/dev/null || true; done; rm -rf "$reports"' EXIT
trap 'exit 130' INT TERM

has_postgres() {
  # the `postgres` database exists on every server; the suite makes its own beside it
  "$PYTHON" -c 'import psycopg, re, sys
psycopg.connect(re.sub(r"/[^/]*$", "/postgres", sys.argv[1]), connect_timeout=3).close()' "$TEST_POSTGRES_URL" 2>/dev/null
}

has_redis() {
  "$PYTHON" -c 'import redis, sys
redis.Redis.from_url(sys.argv[1], socket_connect_timeout=3).ping()' "$TEST_REDIS_URL" 2>/dev/null
}

has_browser() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null
}

# marked MARKS: the files that name one of these marks, so that not every process reads every test
marked() {
  grep -rlE --include='test_*.py' "mark\.($1)\b" tests | sort
}

# suite NAME ARGUMENTS...: run pytest and note how it went
suite() {
  local name=$1 code=0
  local TIMEFORMAT="$name %R %U %S"
  shift
  printf '\n== %s\n' "$name"
  { time "$PYTEST" -q --dist worksteal "$@" 2>&3 || code=$?; } 3>&2 2>>"$reports/seconds"
  echo "$code" >"$reports/$name.code"
}

# beside NAME ARGUMENTS...: the same while other suites run; its output is shown by `finish`
beside() {
  set -m # a process group of its own, so that whoever ends this script ends all of it
  suite "$@" >"$reports/$1.out" 2>&1 </dev/null &
  set +m
  aside+=("$1")
}

finish() {
  wait
  for name in "${aside[@]}"; do cat "$reports/$name.out"; done
  # a selection that is empty counts only when everything is required
  for file in "$reports"/*.code; do
    name=$(basename "$file" .code)
    code=$(cat "$file")
    if [ "$code" -eq 5 ] && [ -z "$REQUIRE_ALL" ]; then
      echo "$name: no test is marked for it"
    elif [ "$code" -ne 0 ]; then
      failed+=("$name")
    fi
  done
}

unset DATABASE_URL
can_postgres= can_redis=
if has_postgres; then can_postgres=1; else missing+=("PostgreSQL (looked at $TEST_POSTGRES_URL)"); fi
if has_redis; then can_redis=1; else missing+=("Redis (looked at $TEST_REDIS_URL)"); fi

# every migration once from nothing, on both at the same time; each suite then copies
"$PYTHON" -m tests.migrated &
if [ -n "$can_postgres" ]; then "$PYTHON" -m tests.migrated "$TEST_POSTGRES_URL" & fi
wait

# who kills workers mostly waits for them; these bring databases of their own, and compare with the same calm run
workers="faults and $PLAIN"
[ -z "$can_postgres" ] || [ -z "$can_redis" ] || workers="(faults or services) and not browser"
mapfile -t files < <(marked "faults|services")
beside "workers" -m "$workers" "${files[@]}"
suite "SQLite" -n 2 -m "$PLAIN and not faults"
if [ -n "$can_postgres" ]; then
  # whoever asks for no database was heard above
  DATABASE_URL=$TEST_POSTGRES_URL suite "PostgreSQL" -n 2 -m "database and $PLAIN and not faults"
fi
if has_browser; then
  mapfile -t files < <(marked browser)
  suite "browser" -n 2 -m browser "${files[@]}"
else
  missing+=("chromium (on Debian: apt-get install chromium)")
fi
finish

printf '\n%-12s %8s %8s %8s\n' Seconds elapsed user system
awk '{ printf "%-12s %8.0f %8.0f %8.0f\n", $1, $2, $3, $4; user += $3; sys += $4 }
END { printf "%-12s %8d %8.0f %8.0f\n", "all", total, user, sys }' total="$SECONDS" "$reports/seconds"
for name in "${missing[@]}"; do echo "NOT FOUND, so not tested: $name"; done
for name in "${failed[@]}"; do echo "FAILED: $name"; done
if [ -n "$REQUIRE_ALL" ] && [ "${#missing[@]}" -gt 0 ]; then
  echo "Everything was required."
  exit 1
fi
[ "${#failed[@]}" -eq 0 ] || exit 1
echo "All suites that could run have passed."
