#!/usr/bin/env bash
# A second verifier, for Node, accepts our proof files on both suites and refuses changed ones.
# proof_test.sh BIN-DIRECTORY SOURCE-DIRECTORY BUILD-DIRECTORY
set -euo pipefail
export PATH=$1:$PATH SOURCE=$2 LC_ALL=C.UTF-8
build=$3/interop-sm
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir -p "$build"
if [ ! -d "$build/node_modules/sm-crypto-v2" ]; then
  npm install --prefix "$build" --no-audit --no-fund --silent sm-crypto-v2@1.15.1
fi
cd "$directory"
fail() { echo "$*"; exit 1; }
check() { node "$SOURCE/tests/interop/proof.mjs" "$build" "$1" "$(cat vkey)"; }

for suite in ed25519-sha256 sm2-sm3; do
  export PILOTLEDGER_DIR=$directory/$suite
  pilotledger init --origin "$suite.example" --suite "$suite" --quiet > vkey
  for n in 1 2 3 4 5; do
    printf '{"kind":"PartyRegistered","legalDate":"2026-03-01","body":{"party":"x1:%s","name":"第 %s","kind":"ENTERPRISE"}}\n' $n $n
  done | pilotledger record --key "$PILOTLEDGER_DIR/operator.pem" > /dev/null
  pilotledger prove entity party:x1:3 -o present --quiet
  pilotledger prove entity party:x1:9 -o absent --quiet
  pilotledger prove entity party:x1:3 --complete -o history --quiet
  [ "$(check present | cut -d' ' -f-5)" = "entity party:x1:3: party:x1:3 trail 1" ] || fail "$suite: presence"
  [ "$(check absent)" = "entity party:x1:9: party:x1:9 absent" ] || fail "$suite: absence"
  check history > /dev/null || fail "$suite: completeness"
  for file in present absent history; do
    pilotledger-verify "$file" --key "$(cat vkey)" > /dev/null || fail "$suite: our own verifier on $file"
    sed '$d' "$file" > bad
    ! check bad > /dev/null 2>&1 || fail "$suite: Node accepts $file without its last line"
    sed '0,/^path/{/^path/{n;s/^A/B/;t;s/^./A/}}' "$file" > bad  # the first hash of a path
    ! cmp -s "$file" bad || fail "$suite: nothing was changed in $file"
    ! check bad > /dev/null 2>&1 || fail "$suite: Node accepts another path in $file"
  done
  pilotledger key rotate-log --quiet > next
  # The checkpoint after the change carries the new key's signature alone.
  printf '{"kind":"PartyRegistered","legalDate":"2026-03-01","body":{"party":"x1:7","name":"第 7","kind":"ENTERPRISE"}}\n' |
    pilotledger record --key "$PILOTLEDGER_DIR/operator.pem" > /dev/null
  pilotledger prove entity party:x1:3 -o rotated --quiet
  [ "$(check rotated)" = "$(check present)" ] || fail "$suite: by way of a change of the log key"
  sed '/^rotation/,/^place/d' rotated > bad
  ! check bad > /dev/null 2>&1 || fail "$suite: Node accepts a key that nothing names"
done
echo "another verifier agrees on both suites"
