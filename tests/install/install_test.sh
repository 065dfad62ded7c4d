#!/usr/bin/env bash
# The installed package: a program of others is built against it and reads a proof; the offline verifier and
# that program link no storage. install_test.sh BIN-DIRECTORY SOURCE-DIRECTORY BUILD-DIRECTORY
set -euo pipefail
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
fail() { echo "$*"; exit 1; }
cmake --install "$3" --prefix "$directory/prefix" > "$directory/log" || { cat "$directory/log"; exit 1; }
{
  cmake -G Ninja -S "$2/tests/install" -B "$directory/build" -DCMAKE_PREFIX_PATH="$directory/prefix" -DCMAKE_BUILD_TYPE=Release \
        -DCMAKE_CXX_COMPILER_LAUNCHER="$(command -v ccache || true)"
  cmake --build "$directory/build"
} > "$directory/log" 2>&1 || { cat "$directory/log"; exit 1; }
export PATH=$directory/prefix/bin:$directory/build:$PATH LC_ALL=C.UTF-8 PILOTLEDGER_DIR=$directory/ledger

pilotledger init --origin bank.example --quiet > "$directory/vkey"
vkey=$(cat "$directory/vkey")
code=0
pilotledger pledge US9219817 --prove "$directory/proof" > /dev/null || code=$?
[ $code = 4 ] || fail "pledge of an asset that is not recorded: exit $code"
[ "$(pledge_reader "$vkey" < "$directory/proof")" = "US9219817 UNKNOWN as of 2 entries" ] || fail "the reader's answer"
sed 's/^ask pledge US9219817/ask pledge US9219818/' "$directory/proof" > "$directory/other"
[ "$(pledge_reader "$vkey" < "$directory/other" || true)" = "rejected: MissingPart" ] || fail "an answer to another question"
pilotledger-verify "$directory/proof" --key "$vkey" | grep '^UNKNOWN  US9219817' > /dev/null || fail "pilotledger-verify"

links() { ldd "$(command -v "$1")" | grep -E 'rocksdb|sqlite' > /dev/null; }  # not -q: ldd writes to the end
links pilotledger || fail "the check of linked libraries sees nothing"
for program in pilotledger-verify pledge_reader; do
  ! links $program || fail "$program links a storage engine"
done
echo "installed, linked and read"
