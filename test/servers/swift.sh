#!/usr/bin/env bash
# OpenStack Swift (the engine of Rackspace Cloud Files) of one node, with tempauth, large objects and its
# S3 API. It serves until its standard input ends, then leaves nothing behind. Works as root and as any
# other user, where the file system of FOLDER has extended attributes (tmpfs may not).
#   test/servers/swift.sh [FOLDER [PORT [OBJECT CONTAINER ACCOUNT MEMCACHED]]]   the latter are ports
# Prints one line of JSON when it is ready. SWIFT_MAX_FILE_SIZE, in bytes, is the largest object in one piece
# (5 GiB where absent).
# Debian packages: swift-proxy swift-account swift-container swift-object memcached curl
set -euo pipefail
. "$(dirname "$0")/processes.sh"
port=${2:-8088}
declare -A ports=([object]=${3:-6200} [container]=${4:-6201} [account]=${5:-6202} [memcached]=${6:-11222})
user=$(id -un)
keep_in "${1:-${TMPDIR:-/tmp}/photohaul-swift}"
conf=$folder/conf
mkdir -p "$conf" "$folder/node/sda"

cat >"$conf/swift.conf" <<C
[swift-hash]
swift_hash_path_prefix = p
swift_hash_path_suffix = s
[storage-policy:0]
name = gold
default = yes
[swift-constraints]
max_file_size = ${SWIFT_MAX_FILE_SIZE:-5368709122}
C

for name in object container account; do
  cat >"$conf/$name-server.conf" <<C
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${ports[$name]}
devices = $folder/node
mount_check = false
user = $user
swift_dir = $conf
workers = 1
[pipeline:main]
pipeline = $name-server
[app:$name-server]
use = egg:swift#$name
C
  (
    cd "$conf"
    swift-ring-builder "$name.builder" create 4 1 1
    swift-ring-builder "$name.builder" add "r1z1-127.0.0.1:${ports[$name]}/sda" 1
    swift-ring-builder "$name.builder" rebalance
  ) >"$folder/log/ring-$name"
done

filters="catch_errors healthcheck listing_formats bulk tempurl s3api slo dlo"
cat >"$conf/proxy-server.conf" <<C
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $port
user = $user
swift_dir = $conf
workers = 1
[pipeline:main]
pipeline = catch_errors healthcheck cache listing_formats bulk tempurl s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
allow_account_management = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:${ports[memcached]}
C
for filter in $filters; do
  printf '[filter:%s]\nuse = egg:swift#%s\n' "$filter" "$filter" >>"$conf/proxy-server.conf"
done

run memcached memcached -u "$user" -l 127.0.0.1 -p "${ports[memcached]}"
for name in object container account; do run "$name" "swift-$name-server" "$conf/$name-server.conf"; done
# The limits in swift.conf are read as Swift's modules are loaded, from /etc whatever swift_dir says: so once more.
python=$(sed -n '1s/^#! *//p' "$(PATH=$PATH:/usr/sbin command -v swift-proxy-server)")
# shellcheck disable=SC2086 # it may have options
run proxy $python -c '
import os, sys
from swift.common import constraints, storage_policy, utils
utils.set_swift_dir(os.path.dirname(sys.argv[1]))
storage_policy.reload_storage_policies()
constraints.reload_constraints()
from swift.common.wsgi import run_wsgi
sys.exit(run_wsgi(sys.argv[1], "proxy-server"))
' "$conf/proxy-server.conf"
auth=http://127.0.0.1:$port/auth/v1.0
until_true 60 "Swift proxy" curl -sf -o /dev/null "http://127.0.0.1:$port/healthcheck"
token() { curl -sf -D - -o /dev/null -H 'X-Auth-User: test:tester' -H 'X-Auth-Key: testing' "$auth" | tr -d '\r'; }
stored() {
  local answer url key
  answer=$(token) || return 1
  url=$(sed -n 's/^X-Storage-Url: //Ip' <<<"$answer") key=$(sed -n 's/^X-Auth-Token: //Ip' <<<"$answer")
  curl -sf -o /dev/null -X PUT -H "X-Auth-Token: $key" "$url/ready"
}
until_true 60 "Swift storage" stored
serve "{\"endpoint\":\"http://127.0.0.1:$port\",\"accessKey\":\"test:tester\",\"secretKey\":\"testing\",\"auth\":\"$auth\"}"
