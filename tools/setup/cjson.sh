# cJSON's source for tools/setup.sh: the pinned release from upstream or, out of reach, from Debian's source package.
# cmake/cjson.sha256 pins its files, wherever they came from; CMake checks them again.

cjson_version=1.7.18

need_cjson() {
  cjson="$toolchain/cjson"
  ! cjson_is_pinned "$cjson" || return 0
  say "fetching cJSON $cjson_version"
  work="$toolchain/cjson.new"
  rm -rf "$work"
  mkdir -p "$work"
  cjson_from_upstream || cjson_from_debian ||
    die "cJSON cannot be fetched. Put cJSON.c, cJSON.h and LICENSE of release $cjson_version into $cjson and run this again."
  cjson_is_pinned "$work" ||
    die "the cJSON source that came is not release $cjson_version (cmake/cjson.sha256). Nothing was installed."
  rm -rf "$cjson"
  mv "$work" "$cjson"
}

cjson_is_pinned() {
  [ -f "$1/cJSON.c" ] && (cd "$1" && sha256 -c "$root/cmake/cjson.sha256") >/dev/null 2>&1
}

sha256() { if have sha256sum; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

cjson_from_upstream() {
  have curl && curl -fsL --connect-timeout 5 --max-time 60 -o "$work/cjson.tar.gz" \
    "https://github.com/DaveGamble/cJSON/archive/refs/tags/v$cjson_version.tar.gz" && unpack_cjson "$work/cjson.tar.gz"
}

cjson_from_debian() {
  is_debian && need_twin &&
    (cd "$work" && quietly twin_apt apt-get source --download-only --tar-only cjson) &&
    unpack_cjson "$work/cjson_$cjson_version.orig.tar.gz"
}

unpack_cjson() {
  tar -xzf "$1" -C "$work" --strip-components=1 &&
    find "$work" -mindepth 1 -maxdepth 1 ! -name cJSON.c ! -name cJSON.h ! -name LICENSE -exec rm -rf {} +
}
