# shellcheck shell=bash
# Where Asterisk 22 comes from: the distribution's own package where that is version 22; else Debian's package in a
# small root file system of its own under $CB_ROOTFS (about 350 MB), built once and shared by all instances.

# Change it when what is built changes: an older root file system is then built anew.
readonly ROOTFS_VERSION=1
readonly ROOTFS_SUITE=forky
readonly ROOTFS_PACKAGES=asterisk,asterisk-core-sounds-en-gsm

rootfs_is_ready() { [[ $(cat "$CB_ROOTFS/.cordboard-rootfs" 2>/dev/null) == "$ROOTFS_VERSION" ]]; }

# asterisk_source: "native" or "rootfs".
asterisk_source() {
  [[ -n ${ASTERISK_SOURCE:-} ]] || ASTERISK_SOURCE=$(find_asterisk_source)
  printf '%s' "$ASTERISK_SOURCE"
}

find_asterisk_source() {
  if command -v asterisk >/dev/null && [[ $(asterisk -V 2>/dev/null) == 'Asterisk 22.'* ]]; then
    echo native
  elif rootfs_is_ready; then
    echo rootfs
  elif apt-cache policy asterisk 2>/dev/null | grep -qE '^  Candidate: ([0-9]+:)?22\.'; then
    echo native
  else
    echo rootfs
  fi
}

# The root file system is built beside its place and renamed when it is whole.
rootfs_build() {
  rootfs_is_ready && { say 'root file system: is there'; return 0; }
  local fresh=$CB_ROOTFS.new
  install_packages mmdebstrap
  as_root rm -rf "$fresh"
  mkdir -p "$(dirname "$fresh")"
  # Signed lists of an archive that is mirrored rarely may be past their date; their signatures still count.
  as_root mmdebstrap --mode=root --variant=minbase --aptopt='Acquire::Check-Valid-Until "false"' \
    --include="$ROOTFS_PACKAGES" "$ROOTFS_SUITE" "$fresh"
  [[ $(as_root chroot "$fresh" asterisk -V) == 'Asterisk 22.'* ]] || fail "$fresh holds no Asterisk 22"
  as_root rm -rf "$fresh"/var/cache/apt/* "$fresh"/var/lib/apt/lists/* "$fresh"/usr/share/doc
  # Mount points, see asterisk-node.
  as_root sh -c ": >'$fresh/etc/hosts'; rm -f '$fresh/etc/resolv.conf'; : >'$fresh/etc/resolv.conf'"
  echo "$ROOTFS_VERSION" | as_root tee "$fresh/.cordboard-rootfs" >/dev/null
  as_root chmod 755 "$fresh"
  as_root rm -rf "$CB_ROOTFS"
  as_root mv "$fresh" "$CB_ROOTFS"
}

# Makes Asterisk 22 available, one way or the other.
asterisk_install() {
  if [[ $(asterisk_source) == native ]]; then
    install_packages asterisk
  else
    rootfs_build
  fi
}
