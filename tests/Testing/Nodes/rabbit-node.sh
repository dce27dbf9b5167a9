#!/usr/bin/env bash
# A throw-away RabbitMQ node with everything it has (data, logs, cookie) below one folder.
#   rabbit-node.sh find                    print the folder of the server programs, or exit 3 where there is none
#   rabbit-node.sh start DIR PORT [OWNER]  make and start it; it ends by itself when process OWNER is gone.
#                                          Takes four ports: PORT AMQP, +1 Erlang distribution, +2 epmd, +3 management API
#   rabbit-node.sh join DIR PORT NODE [OWNER]  the same, as a member of the cluster of the node whose folder is NODE
#   rabbit-node.sh pids DIR                print the id of its process
#   rabbit-node.sh halt DIR                stop it and leave DIR as it is
#   rabbit-node.sh resume DIR              start it again on what it has, however it ended
#   rabbit-node.sh queues DIR              one line a queue of all virtual hosts: messages (a tab) name
#   rabbit-node.sh leaders DIR             one line a quorum queue of all virtual hosts: its leader's port, members (a tab each) name
#   rabbit-node.sh stop DIR                stop it and remove DIR; harmless where that was done already
# Connect with: amqp://guest:guest@127.0.0.1:PORT/   and   http://guest:guest@127.0.0.1:PORT+3/api
set -euo pipefail

here=$(realpath "${BASH_SOURCE[0]}")

find_bin() {
  local server
  server=$(ls -d /usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin/rabbitmq-server 2>/dev/null | sort -V | tail -1)
  # The Debian wrapper in /usr/sbin insists on its own user; the server's own script does not.
  [ -n "$server" ] || { echo "RabbitMQ's server programs (rabbitmq-server) were not found." >&2; exit 3; }
  dirname "$server"
}

environment() {
  local dir=$1 port epmd
  port=$(cat "$dir/port")
  epmd=$(cat "$dir/epmd")
  export HOME="$dir/home" RABBITMQ_NODENAME="maelab$port@localhost"
  export RABBITMQ_NODE_PORT=$port RABBITMQ_NODE_IP_ADDRESS=127.0.0.1
  export RABBITMQ_DIST_PORT=$((port + 1)) ERL_EPMD_PORT=$epmd ERL_EPMD_ADDRESS=127.0.0.1
  export RABBITMQ_MNESIA_BASE="$dir/mnesia" RABBITMQ_LOG_BASE="$dir/log" RABBITMQ_PID_FILE="$dir/server.pid"
  export RABBITMQ_ENABLED_PLUGINS_FILE="$dir/enabled_plugins" RABBITMQ_CONF_ENV_FILE="$dir/rabbitmq-env.conf"
  export RABBITMQ_CONFIG_FILE="$dir/rabbitmq.conf" RABBITMQ_ADVANCED_CONFIG_FILE="$dir/advanced.config"
  export RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="+S 2:2 -kernel inet_dist_use_interface {127,0,0,1}"
}

# The port answers the AMQP header, and the management API its own; the ctl program would take two seconds to say as much.
wait_until_up() {
  local dir=$1 port=$2
  for _ in $(seq 600); do
    if { exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'AMQP\0\0\011\001' >&3 && IFS= read -r -n 1 -t 2 -u 3 _ && exec 3>&- \
      && exec 3<>"/dev/tcp/127.0.0.1/$((port + 3))" && exec 3>&-; } 2>/dev/null; then return 0; fi
    sleep 0.1
  done
  cat "$dir/log/console.log" >&2
  exit 1
}

resume() {
  local dir=$1 port
  port=$(cat "$dir/port")
  environment "$dir"
  setsid "$(find_bin)/rabbitmq-server" >>"$dir/log/console.log" 2>&1 </dev/null &
  wait_until_up "$dir" "$port"
}

start() {
  local dir=$1 port=$2 owner=${3:-}
  prepare "$dir" "$port" $((port + 2))
  head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$HOME/.erlang.cookie"
  serve "$owner"
}

join() {
  local dir=$1 port=$2 node=$3 owner=${4:-}
  node=$(realpath "$node")
  prepare "$dir" "$port" "$(cat "$node/epmd")"
  cat "$node/home/.erlang.cookie" >"$HOME/.erlang.cookie"
  cat >>"$RABBITMQ_CONFIG_FILE" <<CONF
cluster_formation.peer_discovery_backend = classic_config
cluster_formation.classic_config.nodes.1 = maelab$(cat "$node/port")@localhost
cluster_formation.classic_config.nodes.2 = $RABBITMQ_NODENAME
CONF
  serve "$owner"
}

# Its folder with all but the cookie; goes there.
prepare() {
  local dir=$1 port=$2 epmd=$3
  find_bin >/dev/null
  mkdir -p "$dir"/{home,mnesia,log}
  cd "$dir"
  dir=$PWD
  chmod 700 home
  echo "$port" >port
  echo "$epmd" >epmd
  environment "$dir"
  : >"$RABBITMQ_CONF_ENV_FILE"
  echo "[rabbitmq_management]." >"$RABBITMQ_ENABLED_PLUGINS_FILE"
  cat >"$RABBITMQ_CONFIG_FILE" <<CONF
log.console = false
management.tcp.port = $((port + 3))
management.tcp.ip = 127.0.0.1
management_agent.disable_metrics_collector = true
vm_memory_high_watermark.absolute = 512MB
disk_free_limit.absolute = 50MB
CONF
}

# What the folder that we are in has.
serve() {
  local owner=$1 dir=$PWD
  chmod 400 "$HOME/.erlang.cookie"
  resume "$dir"
  if [ -n "$owner" ]; then
    setsid bash -c 'while kill -0 "$1" 2>/dev/null; do sleep 1; done; exec bash "$2" stop "$3"' - "$owner" "$here" "$dir" >/dev/null 2>&1 </dev/null &
  fi
}

pids() { cat "$1/server.pid"; }

queues() {
  environment "$1"
  "$(find_bin)/rabbitmqctl" -q --no-table-headers list_queues messages name
}

leaders() {
  environment "$1"
  "$(find_bin)/rabbitmqctl" -q --no-table-headers list_queues type leader members name | sed -nE 's/^quorum\tmaelab([0-9]+)@localhost\t/\1\t/p'
}

# A killed process that nobody has waited for yet (a zombie) still has its id.
lives() { [ -e "/proc/$1" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

halt() {
  local pid
  pid=$(pids "$1")
  kill "$pid" 2>/dev/null || true
  for _ in $(seq 100); do lives "$pid" || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
}

stop() {
  local dir=$1
  if [ -f "$dir/server.pid" ]; then
    halt "$dir"
    # Refuses while other nodes of the cluster live; the last one takes it along.
    ERL_EPMD_PORT=$(cat "$dir/epmd") epmd -kill >/dev/null 2>&1 || true
  fi
  rm -rf "$dir"
}

case ${1:-} in
  find) find_bin ;;
  start | join) "$1" "${@:2}" ;;
  pids | halt | resume | queues | leaders) "$1" "$(realpath "$2")" ;;
  stop) stop "$(realpath -m "$2")" ;;
  *) sed -n '2,13p' "$here" >&2; exit 2 ;;
esac
