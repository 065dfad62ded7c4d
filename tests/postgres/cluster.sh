#!/usr/bin/env bash
# A PostgreSQL server of our own for one command: cluster.sh COMMAND...
# It listens on a unix socket in a temporary directory only, runs as nobody special when we are root, and is stopped and
# removed however the command ends. The command finds it in PILOTLEDGER_TEST_POSTGRES, a URL without the database.
set -euo pipefail
binaries=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -1)
[ -n "$binaries" ] || binaries=$(dirname "$(command -v postgres)")
directory=$(mktemp -d "${TMPDIR:-/tmp}/pl-postgres-XXXXXX")
as=()
if [ "$(id -u)" -eq 0 ]; then  # the server refuses to run as root
  as=(runuser -u postgres --)
  chown postgres "$directory"
fi
stop() {
  "${as[@]}" "$binaries/pg_ctl" -D "$directory/data" -m immediate stop > /dev/null 2>&1 || true
  rm -rf "$directory"
}
trap stop EXIT
# A killed test runs no trap: somebody outside of it looks whether it is still there.
export -f stop
export binaries directory
setsid bash -c 'as=("${@:2}"); while kill -0 "$1" 2> /dev/null; do sleep 1; done; [ ! -d "$directory" ] || stop' watch $$ "${as[@]}" \
  < /dev/null > /dev/null 2>&1 &
cd "$directory"
"${as[@]}" "$binaries/initdb" -D "$directory/data" -U tester -A trust -E UTF8 --locale=C --no-sync > "$directory/log" 2>&1 ||
  { cat "$directory/log"; exit 1; }
"${as[@]}" "$binaries/pg_ctl" -D "$directory/data" -w -l "$directory/data/log" \
  -o "-c listen_addresses= -c unix_socket_directories=$directory -c fsync=off -c full_page_writes=off -c autovacuum=off" start > /dev/null ||
  { cat "$directory/data/log"; exit 1; }
chmod 755 "$directory"
cd - > /dev/null
export PILOTLEDGER_TEST_POSTGRES="postgresql://tester@${directory//\//%2F}"
"$@"
