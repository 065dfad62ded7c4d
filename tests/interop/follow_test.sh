#!/usr/bin/env bash
# Others' programs follow our log: Go's sumdb/note and sumdb/tlog, and the sigstore verifier for
# Node. And they notice a changed byte. follow_test.sh BIN-DIRECTORY SOURCE-DIRECTORY BUILD-DIRECTORY
set -euo pipefail
export PATH=$1:$PATH SOURCE=$2
build=$3/interop
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
mkdir -p "$build"
GO111MODULE=off GOPATH=/usr/share/gocode GOCACHE=$build/go GOFLAGS= /usr/lib/go-1.19/bin/go build -o "$build/follow" "$SOURCE/tests/interop/follow.go"
if [ ! -d "$build/node_modules/@sigstore/verify" ]; then
  npm install --prefix "$build" --no-audit --no-fund --silent @sigstore/verify@4.1.3
fi
cd "$directory"
. "$SOURCE/tests/scenario/setup.sh"
town
vkey=$(cat vkey)
rules=$SOURCE/tools/import-rules
import() { pilotledger import "$rules/data/$1" --rules "$rules/$2.toml" --key keys/importer.pem --quiet > /dev/null; }
fail() { echo "$*"; exit 1; }

import tpls_lots/process_conditions.csv tpls-lots
pilotledger export tiles log --quiet
cp log/checkpoint older
import sbir_phase2_2017.csv sbir
pilotledger export tiles log --quiet
"$build/follow" log "$vkey" older
node "$SOURCE/tests/interop/include.mjs" "$build" log "$vkey"

# What was added to an export is what a whole export holds.
pilotledger export tiles whole --quiet
diff -r log whole || fail "the continued export differs from a whole one"

damage() {  # FILE: the byte in the middle becomes another one
  middle=$(($(stat -c %s "$1") / 2))
  other=Z
  [ "$(dd if="$1" bs=1 skip=$middle count=1 status=none | od -An -c | tr -d ' ')" = Z ] && other=Y
  printf %s $other | dd of="$1" bs=1 seek=$middle conv=notrunc status=none
}
for file in tile/0/003 tile/entries/002 tile/1/000.p/8 checkpoint; do
  rm -rf bad
  cp -r whole bad
  damage "bad/$file"
  "$build/follow" bad "$vkey" > /dev/null 2>&1 && fail "Go did not notice a changed byte in $file"
done
echo "others follow our log"
