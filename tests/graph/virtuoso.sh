#!/usr/bin/env bash
# Start Virtuoso on this machine alone, with a database of its own, and run the tests of the store on a server against it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

command -v virtuoso-t isql-vt >/dev/null || { echo "apt-get install virtuoso-opensource-7-bin virtuoso-opensource-7-common"; exit 1; }
work=$(mktemp -d)
password=p$RANDOM$RANDOM # Virtuoso cuts long ones off
sql=${SQL_PORT:-11111} web=${WEB_PORT:-18890}
cat >"$work/virtuoso.ini" <<INI
[Database]
DatabaseFile = $work/virtuoso.db
ErrorLogFile = $work/virtuoso.log
LockFile = $work/virtuoso.lck
TransactionFile = $work/virtuoso.trx
xa_persistent_file = $work/virtuoso.pxa
[TempDatabase]
DatabaseFile = $work/temp.db
TransactionFile = $work/temp.trx
[Parameters]
ServerPort = 127.0.0.1:$sql
DirsAllowed = $work
NumberOfBuffers = 20000
MaxDirtyBuffers = 10000
[HTTPServer]
ServerPort = 127.0.0.1:$web
[SPARQL]
ResultSetMaxRows = 1000000
INI
# the first start sets the passwords and ends
virtuoso-t +foreground +configfile "$work/virtuoso.ini" +pwdold dba +pwddba "$password" +pwddav "$password" >"$work/out" 2>&1
virtuoso-t +foreground +configfile "$work/virtuoso.ini" >>"$work/out" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$work"' EXIT
until curl -sf -o /dev/null "http://127.0.0.1:$web/sparql"; do
  kill -0 "$server" || { cat "$work/out"; exit 1; }
  sleep 0.5
done
export KGRAPH_VIRTUOSO="http://127.0.0.1:$web/sparql-auth" # which wants Digest authentication
export KGRAPH_STORE_USER=dba KGRAPH_STORE_PASSWORD="$password"
"${PYTHON:-python3}" -m pytest -q tests/graph/test_remote.py -k virtuoso "$@"
