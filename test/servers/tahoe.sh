#!/usr/bin/env bash
# A Tahoe-LAFS grid: an introducer, two storage nodes, and two clients that are asked over HTTP. The first needs one of
# two shares; the second wants its shares on three servers, which this grid has not. It serves until its standard input
# ends, then leaves nothing behind.
#   test/servers/tahoe.sh [FOLDER [INTRODUCER STORE STORE CLIENT GREEDY]]   prints one line of JSON when it is ready
# Debian packages: tahoe-lafs (Debian 13; .ci/run puts it into a folder of its own where there is none), curl
set -euo pipefail
. "$(dirname "$0")/processes.sh"
ports=("${@:2}")
[ "${#ports[@]}" -gt 0 ] || ports=(7931 7932 7933 7934 7935)
keep_in "${1:-${TMPDIR:-/tmp}/photohaul-tahoe}"

# make NAME COMMAND OPTION…: a node that answers on no other address than this computer's.
make() { tahoe "${@:2}" "$folder/$1" >"$folder/log/make-$1" 2>&1; }
start() { run "$1" tahoe run --allow-stdin-close "$folder/$1"; }
at() { printf -- '--port=tcp:%s:interface=127.0.0.1 --location=tcp:127.0.0.1:%s' "$1" "$1"; }
knows_both() { [ "$(curl -sf "http://127.0.0.1:$1/?t=json" | grep -ci '"connection_status": "connected')" = 2 ]; }

# shellcheck disable=SC2046
make introducer create-introducer --listen=tcp $(at "${ports[0]}")
start introducer
furl=$folder/introducer/private/introducer.furl
until_true 60 "the introducer" test -s "$furl"
join=--introducer=$(cat "$furl")
making=()
for n in 1 2; do
  # shellcheck disable=SC2046
  make "store$n" create-node "$join" --webport=none $(at "${ports[$n]}") & making+=("$!")
done
make client create-client "$join" --webport="tcp:${ports[3]}:interface=127.0.0.1" \
  --shares-needed=1 --shares-happy=1 --shares-total=2 & making+=("$!")
make greedy create-client "$join" --webport="tcp:${ports[4]}:interface=127.0.0.1" \
  --shares-needed=2 --shares-happy=3 --shares-total=3 & making+=("$!")
wait "${making[@]}"
for name in store1 store2 client greedy; do start "$name"; done
for n in 3 4; do until_true 90 "the client at ${ports[$n]}" knows_both "${ports[$n]}"; done
serve "{\"endpoint\":\"http://127.0.0.1:${ports[3]}\",\"greedy\":\"http://127.0.0.1:${ports[4]}\",\"nodes\":\"$folder\"}"
