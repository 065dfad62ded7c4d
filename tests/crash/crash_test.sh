#!/usr/bin/env bash
# kill -9 in the middle of appends, again and again: every receipt that was printed is in the
# ledger afterwards, the ledger verifies, and recording the same events again completes them.
# crash_test.sh BIN-DIRECTORY SOURCE-DIRECTORY [ROUNDS]
set -euo pipefail
export PATH=$1:$PATH SOURCE=$2
rounds=${3:-8}
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
. "$SOURCE/tests/scenario/setup.sh"
town
total=0
for round in $(seq "$rounds"); do
  for i in $(seq 1500); do
    printf '{"id":"%s","kind":"SubsidyAwarded","legalDate":"2026-03-01","jurisdiction":"330000","body":{"award":"R%s-%s","payee":"91330100MA2PLT015B","instrument":"i","amountFen":5}}\n' \
      "$(printf '%08x-0000-7000-8000-%012x' "$round" "$i")" "$round" "$i"
  done > events.jsonl
  : > receipts
  stdbuf -oL pilotledger record events.jsonl --batch 7 --key keys/trs.pem --key keys/eit.pem > receipts 2> message &
  writer=$!
  # in the middle of appends, however slow the machine is: some milliseconds after the first receipt
  for _ in $(seq 2000); do [ ! -s receipts ] && kill -0 $writer 2> /dev/null || break; sleep 0.01; done
  sleep "0.$(printf '%03d' $(((round * 37) % 60)))"
  kill -9 $writer 2> /dev/null || true
  wait $writer 2> /dev/null || true
  pilotledger verify > verified || { cat verified; exit 1; }
  pilotledger log --format jsonl | grep -o '"id":"[^"]*"' | cut -d'"' -f4 | sort > recorded
  # the last line of receipts may have been cut
  grep -o '^{"id":"[^"]*".*}$' receipts | cut -d'"' -f4 | sort > acknowledged || true
  lost=$(comm -13 recorded acknowledged | wc -l)
  if [ "$lost" -ne 0 ]; then
    echo "round $round: $lost acknowledged events are gone" && exit 1
  fi
  total=$((total + $(wc -l < acknowledged)))
  pilotledger record events.jsonl --batch 500 --key keys/trs.pem --key keys/eit.pem > again
  [ "$(wc -l < again)" -eq 1500 ] || { echo "round $round: recording again is incomplete"; exit 1; }
done
[ "$total" -gt 0 ] || { echo "no round acknowledged anything: the test shows nothing"; exit 1; }
echo "$rounds rounds, $total acknowledged events, none lost"
