# shellcheck shell=bash
# What every script here shares: where things are, how to speak, how to become root.
#
#   CB_REPO    this checkout
#   CB_VAR     the folder of one instance (data, logs, generated configuration); default <checkout>/var
#   CB_ROOTFS  the root file system Asterisk runs in, shared by all instances of a checkout

CB_REPO=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
CB_LIB=$CB_REPO/scripts/lib
CB_VAR=${CB_VAR:-$CB_REPO/var}
[[ $CB_VAR = /* ]] || CB_VAR=$PWD/$CB_VAR
CB_ROOTFS=${CB_ROOTFS:-$CB_REPO/var/rootfs}
CB_ENV_FILE=$CB_VAR/cordboard.env
export CB_REPO CB_VAR CB_ROOTFS

# Newer bash gives '&' in a replacement a meaning; rendered values are to be taken as they are.
shopt -u patsub_replacement 2>/dev/null || true

# A note and a warning reach whoever runs scripts/up, also from within a step whose output goes to a log.
note() { printf 'note: %s\n' "$*"; }
say() { printf '%s\n' "$*"; }
warn() { printf 'warning: %s\n' "$*" >&2; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Runs a command as root: directly, or by sudo.
as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "root is needed for: $* (run this as root, or install sudo)"
  fi
}

# MariaDB's own set-up cannot do it.
if [[ $CB_VAR$CB_REPO == *[[:space:]]* ]]; then fail "paths with spaces do not work: $CB_VAR"; fi

# A new secret of LENGTH characters (32): letters and digits only, so that no file format has to quote it.
random_secret() {
  local length=${1:-32} secret=
  while ((${#secret} < length)); do
    secret+=$(openssl rand -base64 48 | tr -dc 'A-Za-z0-9')
  done
  printf '%s' "${secret:0:length}"
}

# wait_until SECONDS COMMAND...: true as soon as the command is, false when the time is over.
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

# render TEMPLATE TARGET NAME=VALUE...: writes TARGET with every @NAME@ replaced, readable by its owner only.
# Leaves TARGET untouched when nothing would change. A placeholder that stays is an error.
render() {
  local template=$1 target=$2 text pair
  shift 2
  text=$(<"$template")
  for pair in "$@"; do
    text=${text//"@${pair%%=*}@"/"${pair#*=}"}
  done
  if [[ $text =~ @[A-Z_]+@ ]]; then
    fail "$template: no value for ${BASH_REMATCH[0]}"
  fi
  [[ -f $target && $(<"$target") == "$text" ]] && return
  (umask 077 && printf '%s\n' "$text" >"$target")
}
