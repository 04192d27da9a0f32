# shellcheck shell=bash
# Our program: its packages, its build, its process.

readonly NODE_LEAST='20.19'
readonly HEALTHY_SECONDS=60

check_node() {
  command -v node >/dev/null || fail "Node.js $NODE_LEAST or newer is needed, and there is none"
  command -v npm >/dev/null || fail "npm is needed (it comes with Node.js), and there is none"
  local have
  have=$(node --version)
  have=${have#v}
  [[ $(printf '%s\n%s\n' "$NODE_LEAST" "$have" | sort -V | head -n 1) == "$NODE_LEAST" ]] ||
    fail "Node.js $NODE_LEAST or newer is needed, this is $have"
}

# hash_of PATH...: one hash over names and contents of all files below.
hash_of() {
  (cd "$CB_REPO" && find "$@" -type f -print0 2>/dev/null | sort -z | xargs -0 -r sha256sum | sha256sum | cut -c 1-32) || true
}

# The packages of package-lock.json, when it is another one than last time.
install_node_packages() {
  local mark=$CB_REPO/node_modules/.cordboard-installed want
  want=$(hash_of package.json package-lock.json)-$(node --version)
  [[ $(cat "$mark" 2>/dev/null) == "$want" ]] && return 0
  (cd "$CB_REPO" && npm ci --no-audit --no-fund)
  echo "$want" >"$mark"
}

# Compiles, when a source changed. What was there before stays if that fails.
build_program() {
  local mark=$CB_REPO/dist/.cordboard-built want previous=$CB_REPO/dist.previous
  want=$(hash_of src tsconfig.json tsconfig.build.json package.json package-lock.json)
  [[ $(cat "$mark" 2>/dev/null) == "$want" ]] && return 0
  rm -rf "$previous"
  [[ ! -d $CB_REPO/dist ]] || mv "$CB_REPO/dist" "$previous"
  if ! (cd "$CB_REPO" && npm run build); then
    rm -rf "$CB_REPO/dist"
    [[ ! -d $previous ]] || mv "$previous" "$CB_REPO/dist"
    fail 'the program does not compile'
  fi
  echo "$want" >"$mark"
  rm -rf "$previous"
}

# task NAME ARGUMENT...: runs dist/tasks/NAME.js with the settings of this instance.
task() {
  local name=$1
  shift
  (
    env_export
    cd "$CB_REPO"
    NODE_ENV=production exec node --enable-source-maps "dist/tasks/$name.js" "$@"
  )
}

# kept_node NAME SCRIPT ARGUMENT...: the same under a keeper.
kept_node() {
  local name=$1
  shift
  (
    env_export
    cd "$CB_REPO"
    NODE_ENV=production keep_running "$name" node "${NODE_FLAGS[@]}" "$@"
  )
}

# standby_settings: those of the second copy, over the ones of the file. It has pages of its own.
standby_settings() {
  CB_HTTP_PORT=$(env_get CB_STANDBY_PORT)
  export CB_HTTP_PORT CB_MEDIA_URL=http://127.0.0.1:$CB_HTTP_PORT/media
}

# A second copy beside the first: it takes over when that one ends. A new program is started while the former one goes on.
standby_up() {
  local mark=$RUN_DIR/cordboard-standby.version want
  want=$(program_version)
  if is_kept cordboard-standby; then
    [[ $(cat "$mark" 2>/dev/null) == "$want" ]] && return 0
    stop_kept cordboard-standby
  fi
  (
    env_export
    standby_settings
    cd "$CB_REPO"
    NODE_ENV=production keep_running cordboard-standby node "${NODE_FLAGS[@]}" dist/main.js
  )
  printf '%s' "$want" >"$mark"
}

web_host() {
  local host
  host=$(env_get CB_HTTP_HOST)
  case $host in 0.0.0.0 | ::) host=127.0.0.1 ;; esac
  printf '%s' "$host"
}

web_url() { printf 'http://%s:%s/' "$(web_host)" "$(env_get CB_HTTP_PORT)"; }

program_is_healthy() { curl --noproxy '*' --silent --fail --max-time 3 "$(web_url)healthz"; }

# What the running program was started from: when it changes, the program is started anew.
program_version() {
  printf '%s-%s' "$(hash_of dist views public asterisk/prompts package-lock.json)" "$(sort "$CB_ENV_FILE" | sha256sum | cut -c 1-16)"
}

program_up() {
  local mark=$RUN_DIR/cordboard.version want
  want=$(program_version)
  if is_kept cordboard; then
    [[ $(cat "$mark" 2>/dev/null) == "$want" ]] && program_is_healthy >/dev/null && return 0
    note 'the program changed: starting it anew'
    stop_kept cordboard
  fi
  kept_node cordboard dist/main.js
  if ! wait_until "$HEALTHY_SECONDS" program_is_healthy; then
    tail -n 20 "$LOG_DIR/cordboard.log"
    fail "the program is not healthy after $HEALTHY_SECONDS seconds, its log: $LOG_DIR/cordboard.log"
  fi
  printf '%s' "$want" >"$mark"
}

phones_are_registered() {
  [[ $(asterisk_cli carrier 'pjsip show registrations' | grep -c ' Registered ') -ge $(env_get CB_CARRIER_PHONES) ]]
}

# The demonstration's desk phones register again every few seconds; this makes them do it now.
register_phones() {
  phones_are_registered && return 0
  asterisk_cli carrier 'pjsip send register *all'
  wait_until 40 phones_are_registered || warn 'not every desk phone of the demonstration could register'
}

# One real call, once. Its story is kept in first-call.txt.
first_call() {
  local story=$CB_VAR/first-call.txt
  [[ $1 != again && -e $CB_VAR/first-call.done ]] && return 0
  register_phones
  rm -f "$CB_VAR/first-call.done"
  task first-call >"$story.next" || { cat "$story.next"; fail 'the first call did not go as it should'; }
  mv "$story.next" "$story"
  : >"$CB_VAR/first-call.done"
}

demo_up() {
  is_kept demo || kept_node demo dist/tasks/demo.js
}
