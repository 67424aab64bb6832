#!/usr/bin/env bash
# A real file system in an image file, mounted as a USB drive would be. Needs root and loop devices.
#   drive.sh can TYPE                      says what is missing here, or nothing
#   drive.sh up TYPE SIZE_MB IMAGE DIR     TYPE: ext4 exfat fat32 ntfs; makes the image unless it is there
#   drive.sh read-only TYPE IMAGE DIR      mounts an image that was made before
#   drive.sh down DIR
# Packages: e2fsprogs exfatprogs exfat-fuse dosfstools fusefat ntfs-3g. exFAT, FAT and NTFS mount through FUSE, so
# that a kernel without them will do.
set -euo pipefail

needs() {
  case $1 in
  ext4) echo mkfs.ext4 ;;
  exfat) echo mkfs.exfat mount.exfat-fuse ;;
  fat32) echo mkfs.vfat fusefat ;;
  ntfs) echo mkfs.ntfs ntfs-3g ;;
  *) echo "type?" >&2; exit 2 ;;
  esac
}

format() {
  case $1 in
  ext4) mkfs.ext4 -q "$2" ;;
  exfat) mkfs.exfat "$2" ;;
  fat32) mkfs.vfat -F 32 "$2" ;;
  ntfs) mkfs.ntfs -Q -F "$2" ;;
  esac >/dev/null 2>&1
}

attach() { # TYPE IMAGE DIR rw|ro
  case $1 in
  ext4) mount -o "loop,$4" "$2" "$3" ;;
  exfat)
    device=$(losetup -f --show "$2")
    mount.exfat-fuse -o "$4" "$device" "$3" || { losetup -d "$device"; return 1; }
    losetup -d "$device" # it goes when the driver lets go of it
    ;;
  fat32) if [ "$4" = rw ]; then fusefat -o rw+ "$2" "$3"; else fusefat -o ro "$2" "$3"; fi ;;
  ntfs) ntfs-3g -o "$4" "$2" "$3" ;;
  esac >/dev/null 2>&1
}

case ${1:-} in
can)
  [ "$(id -u)" = 0 ] || echo "root"
  [ -e /dev/loop-control ] || echo "loop devices"
  for tool in $(needs "$2"); do command -v "$tool" >/dev/null || echo "$tool"; done
  ;;
up)
  mkdir -p "$5"
  if [ ! -s "$4" ]; then truncate -s "$3M" "$4"; format "$2" "$4"; fi
  attach "$2" "$4" "$5" rw
  ;;
read-only)
  mkdir -p "$4"
  attach "$2" "$3" "$4" ro
  ;;
down)
  umount "$2" || umount -l "$2"
  ;;
*)
  sed -n 2,8p "$0"
  exit 2
  ;;
esac
