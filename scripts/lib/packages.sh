# shellcheck shell=bash
# The distribution's packages: installed by name, only what is missing, without starting their services.

RUN_PACKAGES=(mariadb-server-core mariadb-client redis-server sox libsox-fmt-base libsox-fmt-mp3 opus-tools faad espeak-ng
  openssl curl ca-certificates util-linux mount procps)
TEST_PACKAGES=(chromium-headless-shell sip-tester baresip-core fonts-noto-cjk git)

# missing_packages NAME...: those that are not installed.
missing_packages() {
  local name
  for name in "$@"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || printf '%s\n' "$name"
  done
}

readonly POLICY=/usr/sbin/policy-rc.d

# Packages may start a service as they are installed. We run private instances, so theirs must not start now.
forbid_service_starts() {
  [[ ! -e $POLICY ]] || return 0
  printf '#!/bin/sh\n# placed by scripts/up while it installs packages\nexit 101\n' | as_root tee "$POLICY" >/dev/null
  as_root chmod 755 "$POLICY"
}

allow_service_starts() {
  if grep -qs 'placed by scripts/up' "$POLICY"; then as_root rm -f "$POLICY"; fi
}

# install_packages NAME...: nothing missing means no call of apt at all.
install_packages() {
  local missing=()
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]})) || { say 'packages: nothing is missing'; return 0; }
  command -v apt-get >/dev/null || fail "these are missing, and there is no apt-get here: ${missing[*]}"
  say "installing: ${missing[*]}"
  forbid_service_starts
  trap allow_service_starts EXIT
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  allow_service_starts
  trap - EXIT
  disable_services "${missing[@]}"
}

# Nor at the next boot, when it was us who installed them.
disable_services() {
  local name
  [[ -d /run/systemd/system ]] || return 0
  for name in "$@"; do
    case $name in redis-server | asterisk) as_root systemctl disable --quiet "$name" || true ;; esac
  done
}
