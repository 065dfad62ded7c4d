#!/usr/bin/env bash
# Makes the files on which both verifiers must agree: vectors.sh BIN-DIRECTORY SOURCE-DIRECTORY OUT-DIRECTORY
# OUT/SUITE/ledger: proofs of the ledgers of earlier releases, which hold every kind of event and a change of the log
# key. OUT/SUITE/vouched: of a small one with a witness, time stamps, a disclosure and a fork. In each `vkey`; in the
# second `policy` and `other-policy`, whose quorum is not met.
set -euo pipefail
export PATH=$1:$PATH SOURCE=$2 LC_ALL=C.UTF-8
out=$3
rm -rf "$out"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Proofs of the old ledger: of entries, some withheld, of entities present and absent, histories, pledge answers.
of_release() {
  local to=$out/$1/ledger
  mkdir -p "$to" "$work/release-$1"
  cd "$work/release-$1"
  tar xJf "$SOURCE/tests/compat/0.1-$1.tar.xz"
  cp vkey "$to/vkey"
  cp pledge.proof "$to/release-pledge.proof"
  cp event.proof "$to/release-event.proof"
  export PILOTLEDGER_DIR=$PWD/ledger
  local size index
  size=$(pilotledger checkpoint | sed -n 2p)
  for ((index = 0; index < size; index += 4)); do
    pilotledger prove event "$index" -o "$to/event-$index.proof" --quiet
  done
  for index in 0 40 $((size - 1)); do
    pilotledger prove event "$index" --withhold -o "$to/withheld-$index.proof" --quiet
  done
  for entity in ip:CN2023110000011 award:A-1 party:op:importer award:none party:x1:none run:R/none; do
    pilotledger prove entity "$entity" -o "$to/entity-${entity//[:\/]/-}.proof" --quiet
    pilotledger prove entity "$entity" --complete -o "$to/history-${entity//[:\/]/-}.proof" --quiet
  done
  for number in ZL202311000001.1 ZL202310990001.4 US9219817 EP1234567B1; do
    pilotledger pledge "$number" --prove "$to/pledge-$number.proof" > /dev/null || true
  done
}

timestamp_authority() {
  printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=x\n[tsa]\nextendedKeyUsage=critical,timeStamping\n[t]\nserial=%s\ndefault_policy=1.2.3.4\ndigests=sha256,sm3\nsigner_digest=sha256\n' "$PWD/serial" > tsa.cnf
  echo 01 > serial
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -subj "/CN=Authority" \
    -extensions tsa -keyout tsa.key -out tsa.pem -days 30 2> /dev/null
}

party() {
  printf '{"kind":"PartyRegistered","legalDate":"2026-03-01","body":{"party":"x1:%s","name":"%s","kind":"ENTERPRISE"}}\n' \
    "$1" "$2" | pilotledger record --key "$PILOTLEDGER_DIR/operator.pem" > /dev/null
}

vouched() {
  local to=$out/$1/vouched
  mkdir -p "$to" "$work/vouched-$1"
  cd "$work/vouched-$1"
  export PILOTLEDGER_DIR=$PWD/ledger
  pilotledger init --origin vouched.example --suite "$1" --quiet > "$to/vkey"
  party 1 '第一方<script>alert(1)</script>'
  for w in w1 w2; do
    pilotledger witness init "$w" --name "witness.example/$w" --suite "$1" > "$w.vkey"
    pilotledger witness add-log "$w" --log "$(cat "$to/vkey")" > /dev/null
  done
  printf 'witness w1 %s\nwitness w2 %s\ngroup both any w1 w2\nquorum both\n' "$(cat w1.vkey)" "$(cat w2.vkey)" > "$to/policy"
  printf 'witness w2 %s\nquorum w2\n' "$(cat w2.vkey)" > "$to/other-policy"
  printf 'witness w1 %s\nquorum w1\n' "$(cat w1.vkey)" > own-policy
  pilotledger witness policy own-policy > /dev/null
  pilotledger witness request -o request
  pilotledger witness cosign w1 request -o reply --quiet
  pilotledger witness add reply > /dev/null
  timestamp_authority
  pilotledger checkpoint --timestamp "openssl ts -reply -config $PWD/tsa.cnf -section t -queryfile /dev/stdin -signer $PWD/tsa.pem -inkey $PWD/tsa.key 2> /dev/null" > /dev/null
  pilotledger prove entity party:x1:1 -o "$to/cosigned.proof" --quiet
  echo '{"temperatureC":82,"catalyst":"Pd/C 5% <b>","pressureKpa":350,"stirred":true}' > parameters.json
  pilotledger seal parameters.json -o root
  pilotledger disclose "$(cat root)" temperatureC catalyst -o "$to/shown.disclosure"
  cp -r ledger fork
  party 2 '第二方'
  party 3 '第三方'
  pilotledger checkpoint -o mine
  (
    export PILOTLEDGER_DIR=$PWD/fork
    party 4 '另一方'
    pilotledger checkpoint -o theirs
  )
  pilotledger fork-evidence mine theirs -o "$to/two-sizes.fork"
  pilotledger prove entity party:x1:2 --complete -o "$to/history.proof" --quiet
}

for suite in ed25519-sha256 sm2-sm3; do
  of_release "$suite"
  vouched "$suite"
done
