#!/usr/bin/env bash
# Two engines, one set of answers. postgres_test.sh BIN-DIRECTORY SOURCE-DIRECTORY [GTEST-OPTION...]
# Starts its own server (cluster.sh), records a province, the story and shipped real records, and compares.
set -euo pipefail
if [ -z "${PILOTLEDGER_TEST_POSTGRES:-}" ]; then exec "$(dirname "$0")/cluster.sh" "$0" "$@"; fi
bin=$1
export PATH=$bin:$PATH SOURCE=$2
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/ledgers"
cd "$work"
server=$PILOTLEDGER_TEST_POSTGRES

fail() { printf '%s\n' "$*" >&2; exit 1; }
query() { psql -X -q -t -A -v ON_ERROR_STOP=1 "$server/$1" -c "$2"; }
# expect EXIT WORDS COMMAND...: the command ends so and says so
expect() {
  local exit=$1 words=$2 status=0
  shift 2
  "$@" > out 2>&1 || status=$?
  [ $status -eq "$exit" ] || fail "expected exit $exit, found $status: $* : $(cat out)"
  grep -q -- "$words" out || fail "expected '$words': $* : $(cat out)"
}

pilotledger --ledger ledgers/province simulate --platforms 12 --years 5 --seed 7 --quiet > /dev/null &
province=$!
(
  . "$SOURCE/tests/scenario/setup.sh"
  export PILOTLEDGER_DIR=$work/ledgers/story
  today 2025-06-20
  pilotledger init --origin story.example --policy "$SOURCE/tools/story/zhejiang-draft.jsonl" --quiet > vkey
  cp ledgers/story/operator.pem keys/
  tell "$SOURCE/tools/story"
  cp -r ledgers/story ledgers/real
  export PILOTLEDGER_DIR=$work/ledgers/real rules=$SOURCE/tools/import-rules
  today 2026-10-10
  pilotledger import "$rules/data/sbir_phase2_2017.csv" --rules "$rules/sbir.toml" --key keys/importer.pem > /dev/null
  pilotledger import "$rules/data/ad20160101_records.csv" --rules "$rules/uspto-assignments.toml" --key keys/importer.pem > /dev/null
  pilotledger import "$rules/data/tpls_lots/process_conditions.csv" --rules "$rules/tpls-lots.toml" --key keys/importer.pem > /dev/null
)
wait $province
for name in province story real books beside; do query postgres "CREATE DATABASE $name"; done
PILOTLEDGER_TEST_LEDGERS=$work/ledgers "$bin/postgres_test" "$@"

# Through the program: exports alike, two processes at once, verify, and what goes wrong.
export PILOTLEDGER_DIR=$work/ledgers/story
for form in hledger beancount; do
  cmp <(pilotledger export $form) <(pilotledger export $form --views "$server/story") || fail "export $form differs"
done
pilotledger export datapackage here > /dev/null
PILOTLEDGER_VIEWS=$server/story pilotledger export datapackage there > /dev/null
diff -r here there || fail "export datapackage differs"
cmp <(pilotledger export sqlite here.sqlite > /dev/null && cat here.sqlite) \
  <(pilotledger export sqlite there.sqlite --views "$server/story" > /dev/null && cat there.sqlite) || fail "export sqlite differs"

pilotledger view subsidy_trace --views "$server/beside" > one &
first=$!
pilotledger view subsidy_trace --views "$server/beside" > two
wait $first
cmp one two || fail "two processes that start together differ"
[ "$(query beside "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'pilotledger%'")" = 1 ] || fail "a schema was left behind"

expect 0 'VIEWS VERIFIED' pilotledger verify --views "$server/story"
expect 0 'VIEWS VERIFIED' env PILOTLEDGER_VIEWS="$server/story" pilotledger verify --views
schema=$(query story "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'pilotledger%'")
query story "UPDATE $schema.fact_subsidy_awarded SET amount_fen = 1 WHERE award = 'A-EQ-JH'"
expect 1 'fact_subsidy_awarded' pilotledger verify --views "$server/story"
expect 4 'no read model' pilotledger verify --views "${server/tester@/tester:xyzzy-4711@}/postgres"
! grep -q xyzzy out || fail "a password was shown"

expect 2 'reader' pilotledger view platforms --reader public --views "$server/story"
query postgres "CREATE DATABASE icu TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'"
expect 2 'createdb' pilotledger view platforms --views "$server/icu"
secret=xyzzy-4711
expect 6 'cannot be reached' pilotledger view platforms --views "postgres://tester:$secret@%2Fnowhere/story"
expect 6 'cannot be reached' pilotledger view platforms --views "postgres://tester:$secret@%2Fnowhere/story" --format json
! grep -q "$secret" out || fail "a password was shown"
expect 2 'expected postgres' pilotledger view platforms --views "postgres://tester:$secret@[host/story"
! grep -q "$secret" out || fail "a password was shown"
