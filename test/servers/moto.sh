#!/usr/bin/env bash
# An S3 server that knows what Ceph's and Swift's do not: Glacier classes and their restoring, and Object Lock in an
# AWS manner. It checks no signatures. It serves until its standard input ends, then leaves nothing behind.
#   test/servers/moto.sh [FOLDER [PORT]]   prints one line of JSON when it is ready
# Debian packages: python3-moto (from Debian 13 on; .ci/run puts an older Debian's into a folder of its own), curl
set -euo pipefail
. "$(dirname "$0")/processes.sh"
port=${2:-7920}
keep_in "${1:-${TMPDIR:-/tmp}/photohaul-moto}"
run moto moto_server -H 127.0.0.1 -p "$port"
until_true 60 "moto" curl -s -o /dev/null "http://127.0.0.1:$port/"
serve "{\"endpoint\":\"http://127.0.0.1:$port\",\"accessKey\":\"photos\",\"secretKey\":\"photosphotos\"}"
