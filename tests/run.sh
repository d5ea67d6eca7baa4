#!/usr/bin/env bash
# The whole suite: once on SQLite, then on PostgreSQL, with Redis and in a browser where they are found.
# REQUIRE_ALL=1 makes a missing one a failure. TEST_POSTGRES_URL and TEST_REDIS_URL say where to look.
set -euo pipefail
cd "$(dirname "$0")/.."

PYTHON=.venv/bin/python
PYTEST=.venv/bin/pytest
export TEST_POSTGRES_URL=${TEST_POSTGRES_URL:-postgres://postgres@127.0.0.1:5432/retort}
export TEST_REDIS_URL=${TEST_REDIS_URL:-redis://127.0.0.1:6379/0}
REQUIRE_ALL=${REQUIRE_ALL:-}
PLAIN="not services and not browser"
missing=()
failed=()

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

# suite NAME ARGUMENTS...: run pytest; a selection that is empty counts only when everything is required
suite() {
  local name=$1 code=0
  shift
  printf '\n== %s\n' "$name"
  "$PYTEST" -q "$@" || code=$?
  if [ "$code" -eq 5 ] && [ -z "$REQUIRE_ALL" ]; then
    echo "$name: no test is marked for it"
  elif [ "$code" -ne 0 ]; then
    failed+=("$name")
  fi
}

unset DATABASE_URL
suite "SQLite" -n 2 -m "$PLAIN"

if has_postgres; then
  # the kill test brings its own databases, and stages know none: once is enough for both
  stages=(text sources fetch extract nlp linking clustering)
  DATABASE_URL=$TEST_POSTGRES_URL suite "PostgreSQL" -n 2 -m "$PLAIN and not faults" "${stages[@]/#/--ignore=tests/}"
else
  missing+=("PostgreSQL (looked at $TEST_POSTGRES_URL)")
fi

if has_postgres && has_redis; then
  DATABASE_URL=$TEST_POSTGRES_URL suite "services" -m "services and not browser"
else
  has_redis || missing+=("Redis (looked at $TEST_REDIS_URL)")
fi

if has_browser; then
  suite "browser" -m browser
else
  missing+=("chromium (on Debian: apt-get install chromium)")
fi

printf '\n'
for name in "${missing[@]}"; do echo "NOT FOUND, so not tested: $name"; done
for name in "${failed[@]}"; do echo "FAILED: $name"; done
if [ -n "$REQUIRE_ALL" ] && [ "${#missing[@]}" -gt 0 ]; then
  echo "Everything was required."
  exit 1
fi
[ "${#failed[@]}" -eq 0 ] || exit 1
echo "All suites that could run have passed."
