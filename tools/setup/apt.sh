# Debian packages for tools/setup.sh: installing system ones, and fetching others from a private twin of apt's sources.

# need_packages PURPOSE PACKAGE…: installs system packages, or says what to install where apt is not there.
need_packages() {
  purpose=$1
  shift
  have apt-get || die "missing: $purpose. Install the equivalent of these Debian packages and run this again: $*"
  say "installing $purpose ($*)"
  as_root true || die "missing: $purpose. As root, run: apt-get install $*"
  install_packages "$@" && return
  # The package lists may be absent or out of date.
  quietly as_root apt-get update || true
  install_packages "$@" || die "apt could not install $purpose ($*); its last lines are above."
}

install_packages() {
  quietly as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

is_debian() { have apt-get && have dpkg && grep -q '^ID=debian' /etc/os-release 2>/dev/null; }

# A second apt state beside the system's, with one source: the archive that this machine already uses, in another suite.
# It takes nothing but signed Debian packages, changes nothing of the system, and needs no root.
twin="$toolchain/apt"
twin_suite=trixie
twin_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

twin_apt() {
  twin_command=$1
  shift
  set -- -o "Dir::Etc::sourcelist=$twin/twin.sources" -o Dir::Etc::sourceparts=- \
    -o "Dir::State::lists=$twin/lists" -o "Dir::Cache=$twin/cache" "$@"
  [ "$(id -u)" != 0 ] || set -- -o APT::Sandbox::User=root "$@"
  "$twin_command" "$@"
}

# Makes the twin from the first configured archive that carries the suite. Fails if there is none.
need_twin() {
  [ ! -f "$twin/ready" ] || return 0
  . /etc/os-release
  apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    awk -v release="$VERSION_CODENAME" '($2 == release || $2 == "stable") && $3 == "main" && !seen[$1]++ { print $1 }' >"$toolchain/archives"
  while read -r archive; do
    rm -rf "$twin"
    mkdir -p "$twin/lists/partial" "$twin/cache/archives/partial"
    printf 'Types: deb deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n' \
      "$archive" "$twin_suite" "$twin_keyring" >"$twin/twin.sources"
    if quietly twin_apt apt-get update --error-on=any; then
      touch "$twin/ready"
      break
    fi
  done <"$toolchain/archives"
  rm -f "$toolchain/archives"
  [ -f "$twin/ready" ]
}

# The twin's lists are of no use once everything is unpacked, and would be out of date next time.
drop_twin() { rm -rf "$twin"; }
