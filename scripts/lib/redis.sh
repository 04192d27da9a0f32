# shellcheck shell=bash
# A private Redis: every change is written to $CB_VAR/redis, a password is asked for.

redis_configure() {
  mkdir -p "$CB_VAR/redis"
  (
    umask 077
    cat >"$CB_VAR/redis/redis.conf" <<CONF
bind $(env_get CB_REDIS_HOST)
port $(env_get CB_REDIS_PORT)
requirepass $(env_get CB_REDIS_PASSWORD)
dir "$CB_VAR/redis"
daemonize no
appendonly yes
appendfsync everysec
save ""
# Live state must not vanish because memory is short: writing fails instead, and that is seen.
maxmemory-policy noeviction
CONF
  )
}

redis_answers() {
  [[ $(REDISCLI_AUTH=$(env_get CB_REDIS_PASSWORD) redis-cli -h "$(env_get CB_REDIS_HOST)" -p "$(env_get CB_REDIS_PORT)" ping) == PONG ]]
}

redis_up() {
  is_kept redis && return 0
  redis_configure
  keep_running redis redis-server "$CB_VAR/redis/redis.conf"
  wait_until 30 redis_answers || fail "Redis does not answer, see $LOG_DIR/redis.log"
}
