#!/usr/bin/env bash
# kill -9 at random points of a rebuild of the read model and of init. What is left is of use or goes with the next
# command: no model half made, no directory that is neither a ledger nor free for one.
# unfinished_test.sh BIN-DIRECTORY SOURCE-DIRECTORY [ROUNDS]
set -euo pipefail
export PATH=$1:$PATH SOURCE=$2
rounds=${3:-20}
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cd "$directory"
fail() { echo "$*"; exit 1; }
# killed_after MICROSECONDS COMMAND...: true when the command was killed before its end
killed_after() {
  local wait=$1 status=0
  shift
  "$@" > /dev/null 2>&1 &
  local process=$!
  sleep "$(printf '0.%06d' "$wait")"
  kill -9 $process 2> /dev/null || true
  wait $process 2> /dev/null || status=$?
  [ $status -eq 137 ]
}
# microseconds COMMAND...: how long it takes
microseconds() {
  local begin=${EPOCHREALTIME/./}
  "$@" > /dev/null 2>&1
  echo $((${EPOCHREALTIME/./} - begin))
}
RANDOM=1

pilotledger --ledger ledger simulate --platforms 4 --years 2 --seed 3 --quiet > /dev/null
export PILOTLEDGER_DIR=ledger
pilotledger view subsidy_totals --fresh > expected
span=$(microseconds pilotledger view subsidy_totals)
killed=0 half=0
for round in $(seq "$rounds"); do
  rm -f ledger/views.sqlite*
  if killed_after $((span * (RANDOM % 100) / 100 % 1000000)) pilotledger view subsidy_totals; then killed=$((killed + 1)); fi
  [ ! -e ledger/views.sqlite.new ] || half=$((half + 1))
  pilotledger view subsidy_totals > found || fail "rebuild, round $round: no answer after the kill"
  cmp -s expected found || fail "rebuild, round $round: another answer after the kill"
  [ "$(echo ledger/views.sqlite*)" = "ledger/views.sqlite ledger/views.sqlite.lock" ] || fail "rebuild, round $round: left: $(ls ledger)"
done
[ $half -gt 0 ] || fail "no rebuild was killed in the middle: the test shows nothing"
echo "rebuild: $rounds rounds, $killed killed, $half of them half made; nothing left of any"

export PILOTLEDGER_DIR=new
span=$(microseconds pilotledger init --origin first.example --quiet)
killed=0 half=0 whole=0
for round in $(seq "$rounds"); do
  rm -rf new
  if killed_after $((span * (RANDOM % 110) / 100 % 1000000)) pilotledger init --origin story.example; then killed=$((killed + 1)); fi
  [ ! -e new/.init-unfinished ] || half=$((half + 1))
  if [ -e new/log ]; then
    whole=$((whole + 1))
  else
    pilotledger init --origin story.example --quiet > vkey || fail "init, round $round: cannot be made again: $(ls -A new)"
  fi
  pilotledger verify > verified || fail "init, round $round: $(cat verified)"
  [ -e new/operator.pem ] && [ -e new/register.key ] && [ -e new/log.pem ] || fail "init, round $round: a file is missing: $(ls -A new)"
done
[ $half -gt 0 ] || fail "no init was killed in the middle: the test shows nothing"
echo "init: $rounds rounds, $killed killed, $half of them unfinished, $whole whole; each usable or made again"
