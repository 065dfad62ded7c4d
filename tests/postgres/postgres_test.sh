#!/usr/bin/env bash
# Two engines, one set of answers. postgres_test.sh BIN-DIRECTORY SOURCE-DIRECTORY [GTEST-OPTION...]
# Starts its own server (cluster.sh), records a province, the story and shipped real records, and compares.
set -euo pipefail
if [ -z "${PILOTLEDGER_TEST_POSTGRES:-}" ]; then exec "$(dirname "$0")/cluster.sh" "$0" "$@"; fi
bin=$1
export PATH=$bin:$PATH SOURCE=$2
shift 2
psql() { command psql -X -q -v ON_ERROR_STOP=1 "$@"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/ledgers"
cd "$work"

pilotledger --ledger ledgers/province simulate --platforms 12 --years 5 --seed 7 --quiet > /dev/null
(
  mkdir keys && . "$SOURCE/tests/scenario/setup.sh"
  export PILOTLEDGER_DIR=$work/ledgers/story
  today 2025-06-20
  pilotledger init --origin story.example --policy "$SOURCE/tools/story/zhejiang-draft.jsonl" --quiet > vkey
  cp ledgers/story/operator.pem keys/
  tell "$SOURCE/tools/story"
)
cp -r ledgers/story ledgers/real
(
  . "$SOURCE/tests/scenario/setup.sh"
  export PILOTLEDGER_DIR=$work/ledgers/real rules=$SOURCE/tools/import-rules
  today 2026-10-10
  pilotledger import "$rules/data/sbir_phase2_2017.csv" --rules "$rules/sbir.toml" --key keys/importer.pem > /dev/null
  pilotledger import "$rules/data/ad20160101_records.csv" --rules "$rules/uspto-assignments.toml" --key keys/importer.pem > /dev/null
)
for name in province story real steps damage; do psql "$PILOTLEDGER_TEST_POSTGRES/postgres" -c "CREATE DATABASE $name"; done
PILOTLEDGER_TEST_LEDGERS=$work/ledgers "$bin/postgres_test" "$@"
