# shellcheck shell=bash
# A private MariaDB: data under $CB_VAR/mariadb, its own port and socket, reachable from this machine only.

mariadb_configure() {
  mkdir -p "$CB_VAR/mariadb/tmp"
  (
    umask 077
    cat >"$CB_VAR/mariadb/my.cnf" <<CONF
[mariadbd]
datadir = $CB_VAR/mariadb/data
# Its own: a server that starts removes temporary tables that lie in its folder, also those of others.
tmpdir = $CB_VAR/mariadb/tmp
socket = $(env_get CB_DB_SOCKET)
pid-file = $CB_VAR/mariadb/mariadb.pid
bind-address = $(env_get CB_DB_HOST)
port = $(env_get CB_DB_PORT)
# Names are never looked up: DNS may be slow or away.
skip-name-resolve
character-set-server = utf8mb4
collation-server = utf8mb4_unicode_ci
default-time-zone = '+00:00'
# A committed change survives a power cut.
innodb_flush_log_at_trx_commit = 1
innodb_buffer_pool_size = 256M
innodb_log_file_size = 96M
max_connections = 200
max_allowed_packet = 64M
performance_schema = OFF
skip-log-bin

[client]
socket = $(env_get CB_DB_SOCKET)
default-character-set = utf8mb4
CONF
  )
}

# The data folder is made beside its place and renamed, so that an interrupted start leaves no half of it.
mariadb_create() {
  [[ ! -d $CB_VAR/mariadb/data/mysql ]] || return 0
  local fresh=$CB_VAR/mariadb/data.new
  rm -rf "$fresh" "$CB_VAR/mariadb/data"
  mkdir -p "$fresh"
  # --force: it would refuse where the machine's own name does not resolve.
  # Its own folder for what passes: two that are made at the same time would meet in /tmp.
  TMPDIR=$CB_VAR/mariadb/tmp mariadb-install-db --no-defaults --force --skip-name-resolve --user="$(id -un)" --datadir="$fresh" --skip-test-db \
    --auth-root-authentication-method=socket --auth-root-socket-user="$(id -un)"
  mv "$fresh" "$CB_VAR/mariadb/data"
}

mariadb_sql() { mariadb --defaults-file="$CB_VAR/mariadb/my.cnf" --user="$(id -un)" --batch "$@"; }

mariadb_answers() { mariadb_sql --execute 'select 1'; }

# The program's user may make and use databases whose name begins with its own (the tests make some).
mariadb_grant() {
  local user name host password
  user=$(env_get CB_DB_USER) name=$(env_get CB_DB_NAME) password=$(env_get CB_DB_PASSWORD)
  {
    for host in localhost 127.0.0.1; do
      echo "CREATE USER IF NOT EXISTS '$user'@'$host' IDENTIFIED BY '$password';"
      echo "GRANT ALL PRIVILEGES ON \`$name%\`.* TO '$user'@'$host';"
    done
    echo "CREATE DATABASE IF NOT EXISTS \`$name\` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;"
  } | mariadb_sql
}

mariadb_up() {
  is_kept mariadb && return 0
  mariadb_configure
  mariadb_create
  keep_running mariadb mariadbd --defaults-file="$CB_VAR/mariadb/my.cnf" --user="$(id -un)"
  wait_until 60 mariadb_answers || fail "MariaDB does not answer, see $LOG_DIR/mariadb.log"
  mariadb_grant
}
