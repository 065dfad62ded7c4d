#!/usr/bin/env bash
# Rules about the source itself: who may include whom, file length, every rule code tested,
# nothing left to do later. check_source.sh DIRECTORY
set -euo pipefail
cd "$1"
failed=0
fail() {
  printf '%s\n' "$*"
  failed=1
}

# A folder is a room: what it may include besides itself. Read from the top, no arrow runs back up; the check below
# holds the list itself to that. An interface "ledger" or "tools/cli" is the files of that folder, not of its rooms.
rooms='
events/base
events/schema: events/base
events: events/base events/schema
ledger/crypto: events/base
ledger/tlog: events/base ledger/crypto
ledger/state: events/base events ledger/crypto ledger/tlog
ledger/proof: events/base events ledger/crypto ledger/tlog ledger/state
ledger/store: events/base
ledger/rules: events/base events/schema events ledger/crypto ledger/tlog ledger/state
ledger/log: events/base events ledger/crypto ledger/tlog ledger/state ledger/rules ledger/store
ledger/commit: events/base events ledger/crypto ledger/tlog ledger/state ledger/rules ledger/store ledger/log
ledger/order: events/base ledger/crypto ledger/tlog ledger/commit
ledger: events/base events ledger/crypto ledger/tlog ledger/state ledger/proof ledger/rules ledger/store ledger/log ledger/commit ledger/order
ledger/fsck: events/base events ledger/crypto ledger/tlog ledger/state ledger/rules ledger/store ledger/log ledger
query/sql: events/base
query/facts: events/base events/schema events ledger/crypto ledger query/sql
query/access: events/base events ledger query/sql query/facts
query/model: events/base events ledger/crypto ledger query/sql query/facts query/access
query/answer: events/base events/schema events ledger/crypto ledger/proof ledger query/sql query/facts query/access query/model
query/report: events/base events/schema events ledger/crypto ledger/tlog ledger query/sql query/facts query/model query/answer
tools/import: events/base events/schema events ledger/crypto ledger/tlog ledger
tools/reconcile: events/base events query/sql query/answer tools/import
tools/simulate: events/base events ledger/crypto ledger/tlog ledger
tools/vault: events/base events ledger/crypto ledger/tlog ledger/proof query/sql query/access
tools/http: events/base
tools/cluster: events/base ledger/crypto ledger/tlog ledger/order ledger tools/http
tools/witness: events/base ledger/crypto ledger/tlog ledger/proof
tools/verifier: events/base events ledger/crypto ledger/tlog ledger/proof
tools/web: events/base events/schema events
tools/service: events/base events/schema events ledger/crypto ledger/tlog ledger/proof ledger/state ledger/store ledger query/access query/sql query/facts query/model query/answer query/report tools/import tools/vault tools/verifier
tools/remote: events/base ledger/crypto ledger/tlog ledger/proof tools/http tools/service
tools/follow: events/base ledger/crypto ledger/tlog ledger/proof ledger tools/http tools/service tools/remote
tools/server: events/base events/schema events ledger/crypto ledger/tlog ledger/proof ledger/rules ledger/state ledger query/access query/sql query/model query/answer query/report tools/http tools/cluster tools/verifier tools/service tools/web
tools/cli: *
'
# One line a pair of rooms: the loop below runs once for each, not once for each include.
includes=$(git ls-files '*.h' '*.cpp' | grep -vE '_test\.cpp$|^tests/' | xargs grep -H '^#include "' | grep -v '\.capnp\.h"' |
  awk -F'[:"]' '{ from = $1; to = $3; sub("/[^/]*$", "", from); sub("/[^/]*$", "", to); if (from != to && !seen[from, to]++) print from, to, $1 }')
while read -r from to file; do
  line=$(grep -E "^$from(:|\$)" <<< "$rooms") || { fail "$file: the room $from is not in the list of rooms"; continue; }
  [ "$line" = "$from: *" ] || [[ " ${line#*:} " == *" $to "* ]] || fail "$file includes $to; allowed: ${line#*:}"
done <<< "$includes"
above=' '
while IFS=: read -r room may; do
  for other in ${may/\*/}; do [[ "$above" == *" $other "* ]] || fail "the list of rooms: $room may include $other, which stands below it"; done
  above+="$room "
done < <(grep . <<< "$rooms")

# rules see entity records and authority of the ledger, nothing else of it
while read -r line; do fail "$line: rules know no store, committer or ledger"; done < <(
  git ls-files 'ledger/rules/*' | xargs grep -nE '#include "ledger/(commit|ledger|store|log|fsck)' | grep -v "_test" || true)

# one file pair knows each foreign library
one_home() {  # header pattern, files that may
  while read -r file; do
    grep -qE "$2" <<< "$file" || fail "$file includes $1; only $2 may"
  done < <(git ls-files '*.h' '*.cpp' | xargs grep -lE "#include <$1" || true)
}
one_home 'rocksdb/' '^ledger/store/|^tests/bench/'
one_home 'sqlite3' '^query/sql/sqlite(_rows|_guard)?\.(cpp|h)$|^tests/bench/'
one_home 'libpq' '^query/sql/postgres(_connection)?.(cpp|h)$'
one_home 'xlsxwriter' '^query/report/xlsx.cpp$'
one_home 'p11-kit/' '^ledger/crypto/token.cpp$'
one_home 'openssl/' '^ledger/crypto/|^tests/bench/'
one_home 'boost/' '^tools/http/|^tests/bench/'
one_home 'curl/' '^tools/cluster/grpc_channel.cpp$'
one_home 'toml' '^tools/import/(rules|rule_values).(cpp|h)$|^tools/reconcile/statement_rules.cpp$|^tools/server/config.cpp$|^tools/cluster/settings.cpp$'
one_home 're2/' '^tools/import/(rules|rule_values).cpp$'
one_home 'expat' '^tools/import/xml.cpp$'
one_home 'zip\.h' '^tools/import/zip_parts.cpp$'
one_home '(qrencode|png)' '^tools/cli/qr.cpp$'

# what is printed passes through one place, which keeps others' text from steering a terminal
while read -r line; do fail "$line: prints past tools/cli/terminal.cpp"; done < <(
  git ls-files 'tools/cli/*.cpp' 'query/*.cpp' 'ledger/*.cpp' 'tools/import/*.cpp' 'tools/reconcile/*.cpp' 'tools/witness/*.cpp' | grep -v 'cli/terminal.cpp' |
    xargs grep -nE 'stderr|std::(cout|cerr)|f(puts|write)\(.*stdout|fmt::print' || true)

while read -r lines file; do
  [ "$file" = total ] || [ "$lines" -le 500 ] || fail "$file has $lines lines; 500 is the limit"
done < <(git ls-files '*.h' '*.cpp' '*.sh' '*.sql' '*.capnp' | xargs wc -l)
while read -r line; do fail "$line: over 120 columns"; done < <(
  git ls-files '*.sql' | LC_ALL=C.UTF-8 xargs grep -nE '^.{121}' | cut -c1-120 || true)
while read -r line; do fail "$line: over 120 columns; run clang-format"; done < <(
  git ls-files '*.h' '*.cpp' | LC_ALL=C.UTF-8 xargs grep -nE '^.{121}' | cut -c1-120 || true)
while read -r line; do fail "$line"; done < <(
  git ls-files '*.h' '*.cpp' '*.sh' '*.sql' '*.capnp' '*.md' '*.txt' | grep -v check_source.sh | xargs grep -nE '\b(TODO|FIXME|XXX)\b' || true)
tested=$(cat ledger/rules/*_test.cpp | tr -d " \n")
for rule in $(git ls-files 'ledger/*.cpp' 'ledger/rules/*.cpp' | grep -v _test | xargs grep -ohE '"R-[A-Z-]+"' | sort -u); do
  grep -q -- "boundary({$rule" <<< "$tested" || fail "no test shows where $rule draws its line"
  grep -q "^|.*${rule//\"/}\b" ledger/rules/README.md || fail "ledger/rules/README.md does not list $rule"
done
for finding in query/findings/*.sql; do
  code=$(basename "$finding" .sql)
  grep -q "\"$code\"" query/answer/*_test.cpp || fail "no test of finding $code"
done
exit $failed
