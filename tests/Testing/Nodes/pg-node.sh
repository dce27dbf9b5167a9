#!/usr/bin/env bash
# A throw-away PostgreSQL cluster that trusts every local connection and never syncs to disk: what it has confirmed outlives
# its processes, killed or not, but not the machine.
#   pg-node.sh find                      print the folder of the server programs, or exit 3 where there is none
#   pg-node.sh start DIR PORT [OWNER]    make it below DIR and start it; it ends by itself when process OWNER is gone
#   pg-node.sh standby DIR PORT PRIMARY [OWNER]   the same, following the node whose folder is PRIMARY; what DIR had before is gone
#   pg-node.sh promote DIR               make it a primary
#   pg-node.sh pids DIR                  print the ids of its processes, the one that started the others first
#   pg-node.sh halt DIR                  stop it, clients or not, and leave DIR as it is
#   pg-node.sh resume DIR                start it again on what it has, however it ended
#   pg-node.sh stop DIR                  stop it and remove DIR; harmless where that was done already
# Connect with: Host=127.0.0.1;Port=PORT;Username=maelab;Database=postgres
set -euo pipefail

here=$(realpath "${BASH_SOURCE[0]}")

find_bin() {
  local initdb
  initdb=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -1)
  [ -n "$initdb" ] || initdb=$(command -v initdb) || { echo "PostgreSQL's server programs (initdb, pg_ctl) were not found." >&2; exit 3; }
  dirname "$initdb"
}

# initdb and postgres refuse to run as root.
as_server() {
  if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

start() {
  local dir=$1 port=$2 owner=${3:-}
  enter "$dir"
  as_server "$(find_bin)/initdb" -D "$PWD/data" -U maelab -A trust -E UTF8 --locale=C.UTF-8 --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
  serve "$port" "$owner"
}

standby() {
  local dir=$1 port=$2 primary=$3 owner=${4:-} source
  source=$(sed -E 's/^-p ([0-9]+) .*/\1/' "$primary/options")
  enter "$dir"
  rm -rf data
  as_server "$(find_bin)/pg_basebackup" -D "$PWD/data" -d "host=127.0.0.1 port=$source user=maelab" -R -X stream -c fast --no-sync >initdb.log 2>&1 || { cat initdb.log >&2; exit 1; }
  serve "$port" "$owner"
}

promote() { (cd "$1" && as_server "$(find_bin)/pg_ctl" -D "$1/data" -w -t 60 promote >/dev/null); }

enter() {
  find_bin >/dev/null
  mkdir -p "$1"
  if [ "$(id -u)" = 0 ]; then chown postgres "$1"; fi
  cd "$(realpath "$1")"
}

# What the folder that we are in has.
serve() {
  local port=$1 owner=$2 dir=$PWD
  echo "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=512MB -c fsync=off -c full_page_writes=off" >options
  resume "$dir"
  if [ -n "$owner" ]; then
    setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec bash "$2" stop "$3"' - "$owner" "$here" "$dir" >/dev/null 2>&1 </dev/null &
  fi
}

# A killed process that nobody has waited for yet (a zombie) still has its id.
lives() { [ -e "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

resume() {
  local dir=$1
  cd "$dir"
  [ ! -f data/postmaster.pid ] || lives "$(head -1 data/postmaster.pid)" || rm data/postmaster.pid
  as_server "$(find_bin)/pg_ctl" -D "$dir/data" -w -t 60 -l "$dir/server.log" -o "$(cat options)" start >/dev/null || { cat server.log >&2; exit 1; }
}

pids() {
  local server
  server=$(head -1 "$1/data/postmaster.pid")
  echo "$server" $(ps -o pid= --ppid "$server")
}

halt() {
  (cd "$1" && as_server "$(find_bin)/pg_ctl" -D "$1/data" -m fast -w stop >/dev/null)
}

stop() {
  local dir=$1
  if [ -f "$dir/data/postmaster.pid" ]; then
    (cd "$dir" && as_server "$(find_bin)/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null) || true
  fi
  rm -rf "$dir"
}

case ${1:-} in
  find) find_bin ;;
  start | standby) "$1" "${@:2}" ;;
  pids | promote | halt | resume) "$1" "$(realpath "$2")" ;;
  stop) stop "$(realpath -m "$2")" ;;
  *) sed -n '2,12p' "$here" >&2; exit 2 ;;
esac
