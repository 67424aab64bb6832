#!/usr/bin/env bash
# Two OpenSSH servers that let in whoever starts them, by a key of their own: one that can all that OpenSSH can, and one
# whose SFTP neither renames nor dates nor forces anything, as gateways to stores of objects are. They serve until standard
# input ends, then leave nothing behind.
#   test/servers/sshd.sh [FOLDER [PORT PORT]]   prints one line of JSON when they are ready
# Debian package: openssh-server
set -euo pipefail
. "$(dirname "$0")/processes.sh"
keep_in "${1:-${TMPDIR:-/tmp}/photohaul-sshd}"
port=${2:-7922} limited=${3:-7923}
sshd=$(PATH=$PATH:/usr/sbin command -v sshd)
ssh=$folder/ssh
mkdir -m 700 "$ssh"
# Only where it is started as root.
[ "$(id -u)" -ne 0 ] || mkdir -p /run/sshd
ssh-keygen -q -t ed25519 -N '' -f "$folder/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$ssh/id_ed25519"
cp "$ssh/id_ed25519.pub" "$folder/authorized_keys"

# server PORT [OPTIONS OF internal-sftp…]
server() {
  cat >"$folder/config-$1" <<C
Port $1
ListenAddress 127.0.0.1
HostKey $folder/host_key
AuthorizedKeysFile $folder/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
MaxStartups 100
Subsystem sftp internal-sftp ${*:2}
C
  run "sshd-$1" "$sshd" -D -e -f "$folder/config-$1"
  printf '[127.0.0.1]:%s %s\n' "$1" "$(cut -d' ' -f1,2 "$folder/host_key.pub")" >>"$ssh/known_hosts"
}
server "$port"
server "$limited" -P rename,posix-rename,setstat,fsetstat,lsetstat,fsync,hardlink
for each in "$port" "$limited"; do until_true 30 "sshd" bash -c "exec 3<>/dev/tcp/127.0.0.1/$each"; done
user=$(id -un)
serve "{\"endpoint\":\"sftp://$user@127.0.0.1:$port\",\"limited\":\"sftp://$user@127.0.0.1:$limited\",\"accessKey\":\"$user\",\"secretKey\":\"by key\",\"ssh\":\"$ssh\"}"
