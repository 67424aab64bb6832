#!/usr/bin/env bash
# A Ceph cluster of one process each, in memory, with its S3 gateway. It serves until its standard input
# ends, then leaves nothing behind. Works as root and as any other user.
#   test/servers/ceph.sh [FOLDER [PORT [MONITOR_PORT]]]   prints one line of JSON when it is ready
# Debian packages: ceph-mon ceph-osd radosgw ceph-common curl
set -euo pipefail
. "$(dirname "$0")/processes.sh"
port=${2:-7480} monitor=${3:-16789}
access=photos secret=photosphotos
keep_in "${1:-${TMPDIR:-/tmp}/photohaul-ceph}"
mkdir "$folder/mon" "$folder/osd" "$folder/run"
fsid=$(cat /proc/sys/kernel/random/uuid)
export CEPH_CONF=$folder/ceph.conf

cat >"$CEPH_CONF" <<C
[global]
fsid = $fsid
mon_host = [v1:127.0.0.1:$monitor]
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
ms_bind_msgr2 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
run_dir = $folder/run
pid_file =
admin_socket =
log_file = $folder/log/\$type.\$id.log
mon_data = $folder/mon
mon_data_avail_crit = 1
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_data = $folder/osd
osd_objectstore = memstore
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
memstore_device_bytes = 12884901888
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:$port
rgw_dns_name =
C

monmaptool --create --clobber --fsid "$fsid" --addv a "[v1:127.0.0.1:$monitor]" "$folder/monmap" >/dev/null
ceph-mon -i a --mkfs --monmap "$folder/monmap" >"$folder/log/mon-mkfs" 2>&1
run mon ceph-mon -f -i a
until_true 30 "Ceph monitor" ceph --connect-timeout 2 status

uuid=$(cat /proc/sys/kernel/random/uuid)
id=$(ceph osd new "$uuid" 2>>"$folder/log/osd-new")
ceph-osd -i "$id" --mkfs --osd-uuid "$uuid" >"$folder/log/osd-mkfs" 2>&1
# An OSD may speak to the monitor before it has learned the cluster's id; it is refused with "wrong fsid"
# and ends. So it is started until it stays.
osd_pid=""
osd_is_up() {
  if [ -z "$osd_pid" ] || ! kill -0 "$osd_pid"; then
    run osd ceph-osd -f -i "$id"
    osd_pid=${started[-1]}
  fi
  ceph osd stat | grep -q "1 up"
}
until_true 60 "Ceph OSD" osd_is_up

run rgw radosgw -f -n client.rgw.a
until_true 120 "S3 gateway" curl -sf -o /dev/null "http://127.0.0.1:$port/"
radosgw-admin user create --uid=photos --display-name=photos --access-key="$access" \
  --secret-key="$secret" >"$folder/log/user" 2>&1
serve "{\"endpoint\":\"http://127.0.0.1:$port\",\"accessKey\":\"$access\",\"secretKey\":\"$secret\"}"
