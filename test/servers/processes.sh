# Sourced by ceph.sh and swift.sh: daemons in the foreground, each in its own process group, all of them
# ended and their folder removed however the script ends. A server lives as long as the standard input
# of its script stays open, so that it goes when the test that started it goes, even by `kill -9`.

folder=""
started=()

# keep_in FOLDER: everything the servers write goes there; it must not exist yet.
keep_in() {
  mkdir -p "$(dirname "$1")"
  mkdir "$1"
  folder=$1
  mkdir "$folder/log"
  trap end_all EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# run NAME COMMAND…: starts a daemon; its output goes to log/NAME.
run() {
  setsid "${@:2}" >"$folder/log/$1" 2>&1 </dev/null &
  started+=("$!")
}

# end_group PID: the daemon and all that it started.
end_group() {
  kill -- "-$1" 2>/dev/null || return 0
  for _ in $(seq 50); do
    kill -0 -- "-$1" 2>/dev/null || return 0
    sleep 0.1
  done
  kill -9 -- "-$1" 2>/dev/null || true
}

end_all() {
  local pid
  for pid in "${started[@]}"; do end_group "$pid" & done
  wait
  rm -rf "$folder"
}

# until_true SECONDS WHAT COMMAND…: tries until it succeeds; past the limit the logs are shown.
until_true() {
  local end=$((SECONDS + $1))
  until "${@:3}" >/dev/null 2>&1; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "no answer after $1 s: $2" >&2
      tail -n 20 "$folder"/log/* >&2
      exit 1
    fi
    sleep 0.2
  done
}

# serve LINE: says that all is ready, then waits for the end of standard input.
serve() {
  echo "$1"
  while read -r _; do :; done
}
