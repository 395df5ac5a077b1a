# Small helpers of tools/setup.sh: messages, checks, versions, root's rights, one run at a time.

say() { printf 'setup: %s\n' "$*" >&2; }

die() {
  printf 'setup: error: %s\n' "$*" >&2
  exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# at_least 3.1.69 3.1.6: is the first version as new as the second?
at_least() {
  [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t. -k1,1n -k2,2n -k3,3n | head -n 1)" = "$2" ]
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    return 1
  fi
}

# Runs a command silently; shows what it printed only if it fails.
quietly() {
  quiet_log=$(mktemp)
  quiet_status=0
  "$@" >"$quiet_log" 2>&1 </dev/null || quiet_status=$?
  [ "$quiet_status" = 0 ] || tail -n 20 "$quiet_log" >&2
  rm -f "$quiet_log"
  return "$quiet_status"
}

need_node() {
  have node && have npm || die "Node.js 20 or newer is needed, with npm. Install it from nodejs.org and run this again."
  node_major=$(node -p 'process.versions.node.split(".")[0]')
  [ "$node_major" -ge 20 ] || die "Node.js 20 or newer is needed; this is $(node --version). Install a newer one and run this again."
}

# The shared folder is changed by one run at a time. A lock whose owner is gone is taken over.
take_lock() {
  lock="$toolchain/lock"
  waited=0
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null; then
      rm -rf "$lock"
      continue
    fi
    [ "$waited" != 0 ] || say "waiting for another run of setup (process ${owner:-unknown})"
    waited=$((waited + 1))
    [ "$waited" -lt 900 ] || die "waited 15 minutes for $lock. If no other setup runs, delete that folder."
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$lock"' EXIT
  trap 'exit 130' INT TERM HUP
}
