#!/usr/bin/env bash
# Each fault that tools/check should notice, made in a copy of the tree, must be named. check_test.sh SOURCE-DIRECTORY
set -euo pipefail
source=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
(cd "$source" && git ls-files -z | xargs -0 tar -cf - --ignore-failed-read 2> /dev/null) | tar -xf - -C "$work"
cd "$work"
git init -q . && git add -A
git -c user.name=check -c user.email=check@example.org commit -qm tree
failed=0

# fault NAME PART EXPECTED: what standard input does to the tree must make PART say EXPECTED. All faults are made first, then
# each part runs once.
names=() wanted=() parts=()
fault() {
  bash -euo pipefail /dev/stdin
  names+=("$1") parts+=("$2") wanted+=("$3")
}

tools/check source tree || { echo "the tree is not clean to begin with"; exit 1; }

fault 'a source that is not formatted' format 'events/money.cpp:1: not as .clang-format says' <<< \
  "sed -i '1s/^/int   x ;\n/' events/money.cpp"
fault 'an include that runs back up' source 'events/money.h includes ledger/store' <<< \
  "sed -i 's|^#pragma once|#pragma once\n#include \"ledger/store/head.h\"|' events/money.h"
fault 'a list of rooms with a circle' source 'stands below it' <<< \
  "sed -i 's|^events/base\$|events/base: ledger/store|' tests/check_source.sh"
fault 'a long line of SQL' source 'query/views/platforms.sql' <<< \
  "printf -- '-- %0120d\n' 1 >> query/views/platforms.sql"
fault 'a foreign library in another file' source 'includes sqlite3' <<< \
  "sed -i '1s|^|#include <sqlite3.h>\n|' events/identifiers.cpp"
fault 'a page that names a file that is gone' tree 'names head.cpp, which is not there' <<< \
  "printf '\n\`head.cpp\` does it.\n' >> events/README.md"
fault 'a link of a page to nowhere' tree 'names nowhere.md, which is not there' <<< \
  "printf '\n[here](nowhere.md)\n' >> events/README.md"
fault 'a name of the glossary that the code has not' tree 'the code has no SealedThing' <<< \
  "sed -i 's/| \`EntityRecord\` |/| \`SealedThing\` |/' events/README.md"
fault 'a remark that names a file that is gone' tree 'names vanished.cpp, which is not there' <<< \
  "printf '// See vanished.cpp.\n' >> events/money.h"
fault 'a room without a page' tree 'ledger/store: a room has a README.md' <<< \
  'rm ledger/store/README.md'
fault 'a root page that is too long' tree 'README.md has' <<< \
  "head -c 9000 /dev/zero | tr '\0' x >> README.md"
fault 'a root page without the test command' tree 'does not name the test command' <<< \
  "sed -i 's|tools/test|tools/tested|g' README.md"
fault 'a source that no list builds' tree 'events/unbuilt.cpp: no CMakeLists.txt builds it' <<< \
  'echo "int unbuilt;" > events/unbuilt.cpp'
fault 'a header that nobody includes' tree 'events/unread.h: nothing includes it' <<< \
  "echo '#pragma once' > events/unread.h"
fault 'a script that nobody names' tree '_script: nothing names it' <<< \
  "name=unasked; printf '#!/bin/sh\n' > tools/\${name}_script"
fault 'a condition of a parameter over two lines' tree 'write :city IS NULL OR on one line' <<< \
  "sed -i '0,/:city IS NULL OR /s//:city IS NULL\n  OR /' query/views/funnel_projects.sql"
fault 'a function that is too long' tree 'grown has 7' <<< \
  "{ echo 'int grown() {'; printf '  f(%d);\n' {1..70}; echo '}'; } >> events/money.cpp"
fault 'a listed function that is not long' tree 'is no longer long; take it off' <<< \
  'echo "events/money.cpp formatMoney" >> tests/known_long_functions'
fault 'a table that was edited' pages 'the table views is not what the source says' <<< \
  "sed -i 's/Platform dossier/Platform file/' query/views/README.md"
fault 'a view without its row' pages 'to be written by hand: `another`: Shows' <<< \
  "sed 's/view: platforms/view: another/' query/views/platforms.sql > query/views/another.sql"
fault 'a refusal without its row' pages 'refusals.cpp lacks R-ANOTHER' <<< \
  "sed -i '0,/\"R-TERMS-SUM\"/s//\"R-ANOTHER\"/' ledger/rules/technology.cpp"

git add -A
for part in format source tree pages; do
  said=$(tools/check $part 2>&1) && { echo "$part: exit 0 over all these faults"; failed=1; }
  for i in "${!names[@]}"; do
    [ "${parts[i]}" = $part ] || continue
    grep -qF -- "${wanted[i]}" <<< "$said" || { echo "not noticed: ${names[i]} (${wanted[i]})"; failed=1; }
  done
done
exit $failed
