# shellcheck shell=bash
# Starting and stopping what `keep` keeps. Needs RUN_DIR and LOG_DIR.

RUN_DIR=$CB_VAR/run
LOG_DIR=$CB_VAR/log

# is_kept NAME: whether its keeper lives. The lock says so, not the number in a file: numbers are used again.
is_kept() {
  [[ -e $RUN_DIR/$1.lock ]] && ! flock -n "$RUN_DIR/$1.lock" true
}

# kept_pid NAME: the process id of the kept command, when it runs. It is that process only if it began when the keeper
# noted, see `keep`.
kept_pid() {
  local pid since
  pid=$(cat "$RUN_DIR/$1.pid" 2>/dev/null) || return 1
  since=$(cat "$RUN_DIR/$1.since" 2>/dev/null) || return 1
  [[ -n $since && $(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d ' ' -f 20) == "$since" ]] && printf '%s' "$pid"
}

# Files and processes of a keeper that runs as root are touched as root.
as_owner() { "$@" 2>/dev/null || { ((EUID != 0)) && command -v sudo >/dev/null && sudo -n "$@" 2>/dev/null; }; }

# keep_running [--root] NAME COMMAND...: starts it under a keeper that outlives this shell.
keep_running() {
  local become=()
  if [[ $1 == --root ]]; then
    shift
    ((EUID == 0)) || become=(sudo)
  fi
  local name=$1
  shift
  mkdir -p "$RUN_DIR" "$LOG_DIR"
  # Descriptor 8 is the lock of scripts/up: what outlives it must not hold it.
  "${become[@]}" env -u CB_LOCKED setsid -f "$CB_LIB/keep" "$name" "$RUN_DIR" "$LOG_DIR/$name.log" -- "$@" </dev/null >/dev/null 2>&1 8>&-
  wait_until 5 is_kept "$name" || fail "$name: its keeper did not start, see $LOG_DIR/$name.log"
}

signal_kept() { as_owner kill "-$1" "$2" || true; }

# stop_kept NAME: ends the command and its keeper; also a command whose keeper was killed.
stop_kept() {
  local name=$1 pid
  if is_kept "$name"; then
    signal_kept TERM "$(<"$RUN_DIR/$name.keeper")"
    wait_until 30 not is_kept "$name" || fail "$name does not stop, see $LOG_DIR/$name.log"
  fi
  if pid=$(kept_pid "$name"); then
    signal_kept TERM "$pid"
    wait_until 20 not kept_pid "$name" || signal_kept KILL "$pid"
  fi
  as_owner rm -f "$RUN_DIR/$name".{pid,since,keeper,lock} || true
}

not() { ! "$@"; }

# Ends commands whose keeper was killed: nobody would start them again, and they hold ports and data.
stop_orphans() {
  local name
  for name in "$@"; do
    is_kept "$name" || ! kept_pid "$name" >/dev/null || stop_kept "$name"
  done
}
