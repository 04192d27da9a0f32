# shellcheck shell=bash
# The two Asterisk nodes of this machine: "pbx", which carries the calls, and "carrier", which plays the telephone
# company and the desk phones. Each has a folder of its own: $CB_VAR/asterisk/<node>/{etc,db,spool,log,...}.

node_dir() { printf '%s' "$CB_VAR/asterisk/$1"; }
node_socket_dir() { printf '%s' "$(env_get CB_SOCKET_DIR)/$1"; }

# asterisk_command NODE ARGUMENT...: fills the array COMMAND. It runs as the owner of CB_VAR.
asterisk_command() {
  local node=$1 root
  shift
  root=$CB_ROOTFS
  [[ $(asterisk_source) == rootfs ]] || root=-
  COMMAND=("$CB_LIB/asterisk-node" "$(node_dir "$node")" "$(node_socket_dir "$node")" "$root" "$(stat -c %u "$CB_VAR")" "$(stat -c %g "$CB_VAR")" "$@")
}

# asterisk_cli NODE "COMMAND": one line to its command line.
asterisk_cli() {
  local COMMAND
  asterisk_command "$1" -rx "$2"
  as_root_if_rootfs "${COMMAND[@]}"
}

as_root_if_rootfs() {
  if [[ $(asterisk_source) == rootfs ]]; then as_root "$@"; else "$@"; fi
}

# Where Debian keeps the modules, as seen from inside.
module_dir() {
  local root=$CB_ROOTFS found
  [[ $(asterisk_source) == rootfs ]] || root=
  for found in "$root"/usr/lib/*/asterisk/modules "$root"/usr/lib/asterisk/modules; do
    [[ -e $found/res_ari.so ]] && printf '%s' "${found#"$root"}" && return
  done
  fail "no Asterisk modules below $root/usr/lib"
}

tone_zone() {
  case $(env_get CB_COUNTRY) in
    GB | IE) echo uk ;;
    US | CA) echo us ;;
    CN) echo cn ;;
    *) echo eu ;;
  esac
}

# The password of a carrier phone: the program's seed computes the same.
#   first 16 hex digits of sha256("<CB_CARRIER_PHONE_SECRET>:<extension>")
carrier_phone_password() {
  local digest
  digest=$(printf '%s:%s' "$(env_get CB_CARRIER_PHONE_SECRET)" "$1" | sha256sum)
  printf '%s' "${digest:0:16}"
}

# node_render NODE: writes its configuration.
node_render() {
  local node=$1 dir template VALUES
  dir=$(node_dir "$node")
  mkdir -p "$dir"/{etc,lib/keys,db,data,spool/recording/fallback,spool/recording/heard,log,tmp,moh} "$(node_socket_dir "$node")"
  chmod 700 "$dir" "$(node_socket_dir "$node")"
  node_values "$node"
  for template in "$CB_REPO"/asterisk/etc/*.conf; do
    [[ $node == carrier && -e $CB_REPO/asterisk/carrier/${template##*/} ]] && continue
    render "$template" "$dir/etc/${template##*/}" "${VALUES[@]}"
  done
  if [[ $node == carrier ]]; then
    for template in "$CB_REPO"/asterisk/carrier/*.conf; do
      render "$template" "$dir/etc/${template##*/}" "${VALUES[@]}"
    done
    carrier_render_phones
  fi
  # The machine's own name must resolve, or Asterisk stalls; "localhost" for everybody else.
  printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.0.1 %s\n' "$(uname -n)" >"$dir/etc/hosts"
  node_link_data "$node"
}

# What a node was started from.
node_fingerprint() { cat "$(node_dir "$1")"/etc/* 2>/dev/null | sha256sum; }

# node_values NODE: fills the array VALUES, what its templates may name.
node_values() {
  local node=$1 dir
  dir=$(node_dir "$node")
  VALUES=(
    NODE_DIR="$dir" SOCKET_DIR="$(node_socket_dir "$node")" MODULE_DIR="$(module_dir)" TONE_ZONE="$(tone_zone)"
    ARI_HOST="$(env_get CB_ARI_HOST)" ARI_APP="$(env_get CB_ARI_APP)"
    KEEP_TRUNK_SECONDS="$(env_get CB_KEEP_TRUNK_SECONDS)" KEEP_PHONE_SECONDS="$(env_get CB_KEEP_PHONE_SECONDS)"
  )
  if [[ $node == pbx ]]; then
    VALUES+=(
      ARI_PORT="$(env_get CB_ARI_PORT)" ARI_USER="$(env_get CB_ARI_USER)" ARI_PASSWORD="$(env_get CB_ARI_PASSWORD)"
      SIP_HOST="$(env_get CB_PBX_SIP_HOST)" SIP_PORT="$(env_get CB_PBX_SIP_PORT)"
      RTP_START="$(env_get CB_PBX_RTP_START)" RTP_END="$(env_get CB_PBX_RTP_END)"
    )
  else
    VALUES+=(
      ARI_PORT="$(env_get CB_CARRIER_ARI_PORT)" ARI_USER="$(env_get CB_CARRIER_ARI_USER)"
      ARI_PASSWORD="$(env_get CB_CARRIER_ARI_PASSWORD)"
      SIP_HOST="$(env_get CB_CARRIER_SIP_HOST)" SIP_PORT="$(env_get CB_CARRIER_SIP_PORT)"
      PHONES_PORT="$(env_get CB_CARRIER_PHONES_PORT)" OTHER_PORT="$(env_get CB_CARRIER_OTHER_PORT)"
      PBX_SIP_HOST="$(pbx_sip_address)" PBX_SIP_PORT="$(env_get CB_PBX_SIP_PORT)"
      TRUNK_USER="$(env_get CB_CARRIER_TRUNK_USER)" TRUNK_PASSWORD="$(env_get CB_CARRIER_TRUNK_PASSWORD)"
      RTP_START="$(env_get CB_CARRIER_RTP_START)" RTP_END="$(env_get CB_CARRIER_RTP_END)"
    )
  fi
}

# Where the carrier reaches the pbx: a pbx that listens everywhere is reached on loopback.
pbx_sip_address() {
  local host
  host=$(env_get CB_PBX_SIP_HOST)
  [[ $host == 0.0.0.0 ]] && host=127.0.0.1
  printf '%s' "$host"
}

# asterisk/carrier/phone.conf.part once for each of the CB_CARRIER_PHONES desk phones, from 2001.
carrier_render_phones() {
  local number last target text template phone
  target=$(node_dir carrier)/etc/pjsip_phones.conf
  last=$((2000 + $(env_get CB_CARRIER_PHONES)))
  template=$(<"$CB_REPO/asterisk/carrier/phone.conf.part")
  template=${template//@PBX_SIP_HOST@/$(pbx_sip_address)}
  template=${template//@PBX_SIP_PORT@/$(env_get CB_PBX_SIP_PORT)}
  template=${template//@PHONES_PORT@/$(env_get CB_CARRIER_PHONES_PORT)}
  text=
  for ((number = 2001; number <= last; number++)); do
    phone=${template//@PHONE@/$number}
    text+=${phone//@PHONE_PASSWORD@/$(carrier_phone_password "$number")}$'\n\n'
  done
  (umask 077 && printf '%s' "$text" >"$target")
}

# Asterisk reads its documentation, its REST description and its sounds below one folder: theirs linked, ours made.
node_link_data() {
  local data part
  data=$(node_dir "$1")/data
  mkdir -p "$data/sounds/cordboard"
  for part in documentation rest-api; do ln -sfn "/usr/share/asterisk/$part" "$data/$part"; done
  ln -sfn /usr/share/asterisk/sounds/en "$data/sounds/en"
}

asterisk_answers() {
  local node=$1 url user password
  if [[ $node == pbx ]]; then
    url=$(env_get CB_ARI_URL) user=$(env_get CB_ARI_USER) password=$(env_get CB_ARI_PASSWORD)
  else
    url=$(env_get CB_CARRIER_ARI_URL) user=$(env_get CB_CARRIER_ARI_USER) password=$(env_get CB_CARRIER_ARI_PASSWORD)
  fi
  # The password goes in by standard input: command lines can be read by everybody.
  printf 'user = "%s:%s"\n' "$user" "$password" |
    curl --config - --noproxy '*' --silent --fail --max-time 3 "$url/ari/asterisk/ping" >/dev/null
}

# Calls that are up on a node.
asterisk_calls() { asterisk_cli "$1" 'core show channels count' | sed -n 's/^\([0-9]*\) active call.*/\1/p'; }

# asterisk_up NODE: renders, starts, waits until ARI answers. A changed configuration restarts a node without calls.
asterisk_up() {
  local node=$1 mark=$RUN_DIR/asterisk-$1.version COMMAND become=()
  node_render "$node"
  node_sounds "$node"
  if is_kept "asterisk-$node"; then
    [[ $(cat "$mark" 2>/dev/null) != "$(node_fingerprint "$node")" ]] || return 0
    if [[ $(asterisk_calls "$node") != 0 ]]; then
      warn "the configuration of Asterisk ($node) changed; calls are up, so it takes effect at its next start"
      return 0
    fi
    note "the configuration of Asterisk ($node) changed: restarting it"
    stop_kept "asterisk-$node"
  fi
  asterisk_command "$node" -f -q
  [[ $(asterisk_source) == rootfs ]] && become=(--root)
  keep_running "${become[@]}" "asterisk-$node" "${COMMAND[@]}"
  wait_until 60 asterisk_answers "$node" || fail "Asterisk ($node) does not answer, see $LOG_DIR/asterisk-$node.log and $(node_dir "$node")/log/messages"
  node_fingerprint "$node" >"$mark"
}
