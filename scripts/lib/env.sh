# shellcheck shell=bash
# cordboard.env: what this instance was given at its first start (ports, secrets, addresses). KEY=value lines,
# read by these scripts and by `node --env-file`. Values that are there are kept; missing ones are added.

# env_get KEY: its value, or nothing.
env_get() {
  local value
  value=$(sed -n "s/^$1=//p" "$CB_ENV_FILE" 2>/dev/null | tail -n 1)
  value=${value#\'}
  printf '%s' "${value%\'}"
}

env_has() { grep -q "^$1=" "$CB_ENV_FILE" 2>/dev/null; }

# env_set KEY VALUE: sets or replaces, by rename, so that a reader never sees half a file.
env_set() {
  local key=$1 value=$2 next=$CB_ENV_FILE.next
  if env_has "$key" && [[ $(env_get "$key") == "$value" ]]; then return 0; fi
  if [[ $value == *[!A-Za-z0-9_./:@,=+-]* ]]; then value="'$value'"; fi
  (
    umask 077
    { grep -v "^$key=" "$CB_ENV_FILE" 2>/dev/null || true; printf '%s=%s\n' "$key" "$value"; } >"$next"
  )
  mv "$next" "$CB_ENV_FILE"
}

# env_default KEY VALUE: adds the key when it is missing; a value in the caller's environment wins over VALUE.
env_default() {
  env_has "$1" || env_set "$1" "${!1:-$2}"
}

# env_export: puts every key into the environment. What the file says wins.
env_export() {
  local line key value
  while IFS= read -r line; do
    [[ $line == [A-Z]*=* ]] || continue
    key=${line%%=*} value=${line#*=}
    value=${value#\'}
    export "$key=${value%\'}"
  done <"$CB_ENV_FILE"
}

# The time zone of the machine, by name.
machine_zone() {
  local zone
  zone=$(readlink -f /etc/localtime 2>/dev/null | sed -n 's|.*/zoneinfo/||p')
  [[ -n $zone ]] || zone=$(cat /etc/timezone 2>/dev/null || true)
  printf '%s' "${zone:-Etc/UTC}"
}

# Sockets have short paths (107 characters); below a long CB_VAR they go to a private folder under /tmp.
choose_socket_dir() {
  local dir
  dir=$(env_get CB_SOCKET_DIR)
  # A folder of that name which is another user's now is not ours.
  if [[ -z $dir || (-e $dir && ! -O $dir) ]]; then
    if ((${#CB_VAR} <= 70)); then dir=$CB_VAR/run; else dir=$(mktemp -d /tmp/cordboard-XXXXXX); fi
    env_set CB_SOCKET_DIR "$dir"
  fi
  mkdir -p -m 700 "$dir"
}

# Ports, each with the services that listen on it: KEY SERVICE CANDIDATES[/KIND] HOST-KEY
ports_table() {
  cat <<TABLE
CB_HTTP_PORT cordboard 8080,8180 CB_HTTP_HOST
CB_STANDBY_PORT cordboard-standby 8081,8181 CB_HTTP_HOST
CB_DB_PORT mariadb 3306,3316 CB_DB_HOST
CB_REDIS_PORT redis 6379,6389 CB_REDIS_HOST
CB_ARI_PORT asterisk-pbx 8088,8098 CB_ARI_HOST
CB_PBX_SIP_PORT asterisk-pbx 5060,5070,5080,5090/both CB_PBX_SIP_HOST
CB_CARRIER_ARI_PORT asterisk-carrier 8188,8198 CB_ARI_HOST
CB_CARRIER_SIP_PORT asterisk-carrier 5160,5170,5180,5190/both CB_CARRIER_SIP_HOST
CB_CARRIER_PHONES_PORT asterisk-carrier 5260,5270,5280,5290/both CB_CARRIER_SIP_HOST
CB_CARRIER_OTHER_PORT asterisk-carrier 5360,5370,5380,5390/both CB_CARRIER_SIP_HOST
TABLE
}

# Chooses ports that are free, for services that do not run: the remembered one where it is free, else another.
choose_ports() {
  local key service candidates host_key remembered kind request=() chosen port
  while read -r key service candidates host_key; do
    is_kept "$service" && continue
    remembered=$(env_get "$key")
    [[ -n $remembered ]] || remembered=${!key:-}
    kind=${candidates#*/}
    [[ $kind != "$candidates" ]] || kind=tcp
    request+=("$key=${remembered:+$remembered,}${candidates%/*}/$kind@$(env_get "$host_key")")
  done < <(ports_table)
  ((${#request[@]})) || return 0
  chosen=$(node "$CB_LIB/free-ports.mjs" "${request[@]}") || fail "no free ports: $chosen"
  while IFS='=' read -r key port; do
    remembered=$(env_get "$key")
    [[ $remembered == "$port" ]] && continue
    [[ -z $remembered ]] || note "port $remembered ($key) is taken by another program: now $port"
    env_set "$key" "$port"
  done <<<"$chosen"
}

# RTP ranges follow the SIP port, which no two running instances share: 4,000 ports for the pbx, 4,000 for the carrier.
choose_rtp_ranges() {
  local slot
  slot=$((($(env_get CB_PBX_SIP_PORT) / 10 + 1) % 3 * 8000))
  env_set CB_PBX_RTP_START $((10000 + slot))
  env_set CB_PBX_RTP_END $((13999 + slot))
  env_set CB_CARRIER_RTP_START $((14000 + slot))
  env_set CB_CARRIER_RTP_END $((17999 + slot))
}

# The file, complete.
prepare_env() {
  mkdir -p "$CB_VAR" "$RUN_DIR" "$LOG_DIR"
  stop_orphans "${SERVICES[@]}"
  [[ -f $CB_ENV_FILE ]] || (umask 077 && : >"$CB_ENV_FILE")
  chmod 700 "$CB_VAR"
  env_set CB_VAR "$CB_VAR"
  choose_socket_dir
  env_default CB_ROLES calls,dialer,web,jobs
  env_default CB_HTTP_HOST 127.0.0.1
  env_default CB_DB_HOST 127.0.0.1
  env_default CB_REDIS_HOST 127.0.0.1
  env_default CB_ARI_HOST 127.0.0.1
  env_default CB_PBX_SIP_HOST "${CB_BIND_SIP:-127.0.0.1}"
  env_default CB_CARRIER_SIP_HOST 127.0.0.1
  choose_ports
  choose_rtp_ranges
  env_default CB_DB_NAME cordboard
  env_default CB_DB_USER cordboard
  env_default CB_DB_PASSWORD "$(random_secret)"
  env_set CB_DB_SOCKET "$(env_get CB_SOCKET_DIR)/mariadb.sock"
  env_default CB_REDIS_PASSWORD "$(random_secret)"
  env_set CB_REDIS_URL "redis://:$(env_get CB_REDIS_PASSWORD)@$(env_get CB_REDIS_HOST):$(env_get CB_REDIS_PORT)/0"
  env_default CB_ARI_APP cordboard
  env_default CB_ARI_USER cordboard
  env_default CB_ARI_PASSWORD "$(random_secret)"
  env_set CB_ARI_URL "http://$(env_get CB_ARI_HOST):$(env_get CB_ARI_PORT)"
  env_set CB_MEDIA_URL "http://127.0.0.1:$(env_get CB_HTTP_PORT)/media"
  # How long the dialplan keeps a caller, and one of our phones, while the program is away.
  env_default CB_KEEP_TRUNK_SECONDS 120
  env_default CB_KEEP_PHONE_SECONDS 20
  env_set CB_PBX_LOG "$CB_VAR/asterisk/pbx/log/messages"
  env_set CB_PBX_SPOOL "$CB_VAR/asterisk/pbx/spool"
  env_set CB_CARRIER_ARI_URL "http://$(env_get CB_ARI_HOST):$(env_get CB_CARRIER_ARI_PORT)"
  env_default CB_CARRIER_ARI_USER carrier
  env_default CB_CARRIER_ARI_PASSWORD "$(random_secret)"
  env_default CB_CARRIER_TRUNK_USER cordboard
  env_default CB_CARRIER_TRUNK_PASSWORD "$(random_secret)"
  env_default CB_CARRIER_PHONE_SECRET "$(random_secret)"
  env_default CB_CARRIER_PHONES 5
  env_set CB_CARRIER_LOG "$CB_VAR/asterisk/carrier/log/messages"
  env_set CB_CARRIER_SPOOL "$CB_VAR/asterisk/carrier/spool"
  env_default CB_SECRET_KEY "$(openssl rand -base64 32)"
  env_default CB_ADMIN_PASSWORD "$(random_secret 16)"
  env_default CB_COUNTRY GB
  env_default CB_TIMEZONE "$(machine_zone)"
  env_default CB_LOG_LEVEL info
  chmod 600 "$CB_ENV_FILE"
}
