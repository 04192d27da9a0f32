# shellcheck shell=bash
# The platform below the program: MariaDB, Redis, Asterisk. Source this file; see scripts/platform for the command.

# shellcheck source-path=SCRIPTDIR
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
source "$CB_LIB/processes.sh"
source "$CB_LIB/packages.sh"
source "$CB_LIB/env.sh"
source "$CB_LIB/rootfs.sh"
source "$CB_LIB/mariadb.sh"
source "$CB_LIB/redis.sh"
source "$CB_LIB/sounds.sh"
source "$CB_LIB/asterisk.sh"

# In the order they start; they stop in the reverse order.
readonly SERVICES=(mariadb redis asterisk-pbx asterisk-carrier cordboard cordboard-standby demo)
# What a call needs lives seconds: with room for them the collector finds most of it dead. bench:acd runs with the same.
readonly NODE_FLAGS=(--enable-source-maps --max-semi-space-size=64)

platform_install() {
  local packages=("${RUN_PACKAGES[@]}")
  [[ -z ${CB_TEST:-} ]] || packages+=("${TEST_PACKAGES[@]}")
  install_packages "${packages[@]}"
  asterisk_install
}

platform_up() {
  mariadb_up
  redis_up
  asterisk_both_up
}

platform_down() {
  local index
  [[ -d $RUN_DIR ]] || return 0
  for ((index = ${#SERVICES[@]} - 1; index >= 0; index--)); do
    stop_kept "${SERVICES[index]}"
  done
}

platform_status() {
  local service pid
  for service in "${SERVICES[@]}"; do
    if pid=$(kept_pid "$service"); then
      printf '%-18s running, process %s\n' "$service" "$pid"
    elif is_kept "$service"; then
      printf '%-18s being started again\n' "$service"
    else
      printf '%-18s not running\n' "$service"
    fi
  done
}

# Removes everything of this instance: data, recordings, secrets.
platform_purge() {
  local sockets
  sockets=$(env_get CB_SOCKET_DIR)
  platform_down
  [[ $sockets != /tmp/cordboard-* ]] || rm -rf "$sockets"
  [[ ! -d $CB_VAR ]] || as_root find "$CB_VAR" -mindepth 1 -maxdepth 1 -exec rm -rf --one-file-system {} +
}

asterisk_both_up() {
  asterisk_up pbx
  asterisk_up carrier
}

# One at a time works on an instance. What the holder of the lock starts (tests that bring servers up) works for it.
lock_instance() {
  [[ ${CB_LOCKED:-} != "$CB_VAR" ]] || return 0
  exec 8>>"$CB_VAR/.lock"
  flock -n 8 || fail "another script is working on $CB_VAR"
  export CB_LOCKED=$CB_VAR
}
