#!/usr/bin/env bash
# The ledgers of each release verify and answer as they did. compat_test.sh BIN-DIRECTORY SOURCE-DIRECTORY
set -euo pipefail
export PATH=$1:$PATH LC_ALL=C.UTF-8
source=$2
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
tried=0
for archive in "$source"/tests/compat/*.tar.xz; do
  name=$(basename "$archive" .tar.xz)
  fail() { echo "$name: $*"; exit 1; }
  rm -rf "${directory:?}/$name"
  mkdir "$directory/$name"
  cd "$directory/$name"
  tar xJf "$archive"
  export PILOTLEDGER_DIR=$PWD/ledger
  pilotledger verify --quiet > verified || fail "does not verify: $(head -3 verified)"
  "$source/tests/compat/answers" > now || fail "does not answer"
  diff answers now || fail "answers otherwise than it did"
  [ "$(pilotledger checkpoint)" = "$(cat checkpoint)" ] || fail "another checkpoint"
  for proof in *.proof; do
    pilotledger-verify "$proof" --key "$(cat vkey)" > /dev/null || fail "$proof does not verify"
  done
  tried=$((tried + 1))
done
[ "$tried" -ge 2 ] || { echo "no ledgers to read"; exit 1; }
echo "$tried ledgers of earlier releases verify and answer as they did"
