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

# events <- ledger/crypto <- ledger/proof <- ledger/store, ledger/rules <- ledger <- query <- tools
may_include() {  # folder of the includer -> folders it may include
  case $1 in
    events) echo "events" ;;
    ledger/crypto) echo "events ledger/crypto" ;;
    ledger/proof) echo "events ledger/crypto ledger/proof" ;;
    ledger/store) echo "events ledger/store" ;;
    ledger/rules) echo "events ledger/crypto ledger/rules ledger" ;;
    ledger) echo "events ledger/crypto ledger/proof ledger/store ledger/rules ledger" ;;
    query) echo "events ledger/crypto ledger/proof ledger query query/export" ;;
    query/export) echo "events ledger/crypto ledger/proof ledger query query/export" ;;
    tools/import) echo "events ledger/crypto ledger/proof ledger tools/import" ;;
    tools/reconcile) echo "events query tools/import tools/reconcile" ;;
    tools/simulate) echo "events ledger/crypto ledger tools/simulate" ;;
    tools/vault) echo "events ledger/crypto ledger/proof query tools/vault" ;;
    tools/witness) echo "events ledger/crypto ledger/proof tools/witness" ;;
    tools/cli) echo "events ledger/crypto ledger/proof ledger query query/export tools/import tools/reconcile tools/simulate tools/vault tools/verifier tools/witness tools/cli" ;;
    tools/verifier) echo "events ledger/crypto ledger/proof tools/verifier" ;;
    *) echo "*" ;;
  esac
}
# One line a pair of folders: the loop below runs once for each, not once for each include.
includes=$(git ls-files '*.h' '*.cpp' | grep -vE '_test\.cpp$|_fixture\.h$' | xargs grep -H '^#include "' |
  awk -F'[:"]' '{ from = $1; to = $3; sub("/[^/]*$", "", from); sub("/[^/]*$", "", to); if (!seen[from, to]++) print from, to, $1 }')
while read -r from to file; do
  allowed=$(may_include "$from")
  [ "$allowed" = "*" ] || [[ " $allowed " == *" $to "* ]] || fail "$file includes $to; allowed: $allowed"
done <<< "$includes"

# rules see entity records and authority of the ledger, nothing else of it
while read -r line; do fail "$line: rules know no store, committer or ledger"; done < <(
  git ls-files 'ledger/rules/*' | xargs grep -nE '#include "ledger/(committer|ledger|store|tree_store|fsck)' | grep -vE "_(test|fixture)" || true)

# one file pair knows each foreign library
one_home() {  # header pattern, files that may
  while read -r file; do
    grep -qE "$2" <<< "$file" || fail "$file includes $1; only $2 may"
  done < <(git ls-files '*.h' '*.cpp' | xargs grep -lE "#include <$1" || true)
}
one_home 'rocksdb/' '^ledger/store/|^tests/bench/'
one_home 'sqlite3' '^query/sqlite(_rows|_guard)?\.(cpp|h)$|^tests/bench/'
one_home 'libpq' '^query/postgres.cpp$'
one_home 'xlsxwriter' '^query/export/xlsx.cpp$'
one_home 'p11-kit/' '^ledger/crypto/token.cpp$'
one_home 'openssl/' '^ledger/crypto/|^tests/bench/'
one_home 'kj/compat/http.h' '^tools/(witness/http.cpp|server/.*)$'
one_home 'toml' '^tools/import/rules.cpp$|^tools/reconcile/statement_csv.cpp$'
one_home 're2/' '^tools/import/rules.cpp$'
one_home 'pugixml' '^tools/reconcile/camt.cpp$'
one_home '(qrencode|png)' '^tools/cli/qr.cpp$'

# what is printed passes through one place, which keeps others' text from steering a terminal
while read -r line; do fail "$line: prints past tools/cli/terminal.cpp"; done < <(
  git ls-files 'tools/cli/*.cpp' 'query/*.cpp' 'ledger/*.cpp' 'tools/import/*.cpp' 'tools/reconcile/*.cpp' 'tools/witness/*.cpp' | grep -v 'cli/terminal.cpp' |
    xargs grep -nE 'stderr|std::(cout|cerr)|f(puts|write)\(.*stdout|fmt::print' || true)

while read -r lines file; do
  [ "$file" = total ] || [ "$lines" -le 500 ] || fail "$file has $lines lines; 500 is the limit"
done < <(git ls-files '*.h' '*.cpp' '*.sh' '*.sql' '*.capnp' | xargs wc -l)
while read -r line; do fail "$line: over 140 columns"; done < <(
  git ls-files '*.sql' | LC_ALL=C.UTF-8 xargs grep -nE '^.{141}' | cut -c1-120 || true)
while read -r line; do fail "$line"; done < <(
  git ls-files '*.h' '*.cpp' '*.sh' '*.sql' '*.capnp' '*.md' '*.txt' | grep -v check_source.sh | xargs grep -nE '\b(TODO|FIXME|XXX)\b' || true)
tested=$(cat ledger/rules/*_test.cpp)
for rule in $(git ls-files 'ledger/*.cpp' 'ledger/rules/*.cpp' | grep -v _test | xargs grep -ohE '"R-[A-Z-]+"' | sort -u); do
  grep -q -- "border({$rule" <<< "$tested" || fail "no test shows where $rule draws its line"
  grep -q "^|.*${rule//\"/}\b" ledger/rules/README.md || fail "ledger/rules/README.md does not list $rule"
done
for finding in query/findings/*.sql; do
  code=$(basename "$finding" .sql)
  grep -q "\"$code\"" query/*_test.cpp || fail "no test of finding $code"
done
exit $failed
