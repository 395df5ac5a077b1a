# The npm packages for tools/setup.sh: `npm ci`, again only when package-lock.json has changed since.

need_npm_packages() {
  stamp="$root/node_modules/.tunelab-lock"
  if [ -x "$root/node_modules/.bin/node" ] && cmp -s "$root/package-lock.json" "$stamp"; then
    return 0
  fi
  say "installing the npm packages"
  (cd "$root" && quietly npm ci --no-audit --no-fund) || die "npm ci failed; its last lines are above."
  cp "$root/package-lock.json" "$stamp"
}
