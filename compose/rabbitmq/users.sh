#!/bin/sh
# Users of the broker and what each may do: configure (make queues and exchanges), write to and read from those whose names match.
# Exchanges of messages are called MaeLab.Contracts...:Name; every queue has an exchange of its own name.
set -eu

api() { # METHOD PATH JSON
    curl -fsS -u "${ADMIN_USER:-maelab_admin}:$ADMIN_PASSWORD" -X "$1" -H 'content-type: application/json' -d "$3" "$BROKER/api/$2"
}

user() { # NAME PASSWORD CONFIGURE WRITE READ
    api PUT "users/$1" "{\"password\":\"$2\",\"tags\":\"\"}"
    api PUT "permissions/${VHOST:-%2F}/$1" "{\"configure\":\"$3\",\"write\":\"$4\",\"read\":\"$5\"}"
    echo "$1 may use the broker"
}

# A service makes its own queues and the exchanges of whatever it sends to or hears from. Web also makes the queue of the commands it
# sends, so that they are kept before any scheduler has run, and handles those that failed. Commands of people come from web alone, which
# asks who they are first; facts come from everybody else.
messages='MaeLab[.]Contracts[.].*'
commands='MaeLab[.]Contracts[.]Commands:.*'
facts='MaeLab[.]Contracts[.]Facts:.*'
user maelab_scheduler "$SCHEDULER_PASSWORD" \
    "^($messages|scheduler-.*|runner-.*)$" "^($messages|scheduler-.*|runner-.*)$" "^($messages|scheduler-.*)$"
user maelab_runner "$RUNNER_PASSWORD" \
    "^($facts|runner-.*)$" "^($facts|runner-.*)$" "^runner-.*$"
user maelab_web "$WEB_PASSWORD" \
    "^($messages|web-.*|scheduler-commands)$" "^($commands|web-.*|scheduler-commands|amq[.]default)$" "^($messages|web-.*|scheduler-commands_(error|skipped))$"

# What the versions before had for facts: nobody takes from it any more, and RabbitMQ lets nobody change its kind.
api DELETE "queues/${VHOST:-%2F}/scheduler-facts?if-unused=true" '{}' 2>/dev/null || true
