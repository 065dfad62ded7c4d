#!/usr/bin/env bash
# Nothing that the server of tools/http serves as N requests is N+1 for another parser, nor the other way.
# http_fuzz_test.sh BIN-DIRECTORY SOURCE-DIRECTORY [CASES]
set -euo pipefail
directory=$(mktemp -d)
"$1/http_echo" > "$directory/port" &
server=$!
trap 'kill $server 2> /dev/null || true; wait $server || true; rm -rf "$directory"' EXIT
while [ ! -s "$directory/port" ]; do
  kill -0 $server || { echo "the server did not start"; exit 1; }
  sleep 0.05
done
node "$2/tests/interop/http_fuzz.mjs" "$(cat "$directory/port")" "${3:-2000}"
kill -0 $server || { echo "the server ended"; exit 1; }
