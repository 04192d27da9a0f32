# shellcheck shell=bash
# Steps with a number, a time and a log each. Set STEPS (how many there are) before the first.

STEPS=0
step_number=0

# step NAME TITLE FUNCTION...: its output goes to $LOG_DIR/up-NAME.log; its notes and warnings are shown.
# On failure: names the step, shows the end of the log, and ends the script.
step() {
  local name=$1 title=$2 log=$LOG_DIR/up-$1.log started=$EPOCHREALTIME status=0
  shift 2
  step_number=$((step_number + 1))
  printf '%7s %-34s' "[$step_number/$STEPS]" "$title"
  mkdir -p "$LOG_DIR"
  # Errors end a subshell only where its status is not being tested, hence not "if" or "||".
  set +e
  (
    set -Eeuo pipefail
    trap 'printf "error: %s line %s: %s\n" "${BASH_SOURCE[0]##*/}" "$LINENO" "$BASH_COMMAND"' ERR
    "$@"
  ) >"$log" 2>&1 </dev/null
  status=$?
  set -e
  if ((status == 0)); then
    printf ' %6s s\n' "$(elapsed "$started")"
    grep -E '^(note|warning): ' "$log" | sed 's/^/        /' || true
    return 0
  fi
  printf ' failed after %s s\n\n' "$(elapsed "$started")"
  tail -n 20 "$log" | sed 's/^/    /'
  printf '\nThe step "%s" failed. All of its log: %s\n' "$title" "$log"
  exit 1
}

# elapsed SINCE: seconds with one decimal. EPOCHREALTIME has six decimals, in some locales after a comma.
elapsed() {
  local tenths=$(((${EPOCHREALTIME/[.,]/} - ${1/[.,]/}) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}
