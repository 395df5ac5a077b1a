# Emscripten for tools/setup.sh: the one on PATH if it is new enough, else Debian's packages in a private prefix, else emsdk.
# $toolchain/emscripten is a link to the folder that holds emcc.py; cmake/WasmToolchain.cmake looks there.

# The first release whose LLVM (19) emits the final relaxed-SIMD opcodes; older ones make modules that browsers refuse.
emscripten_version=3.1.69

need_emscripten() {
  emscripten="$toolchain/emscripten"
  # The compiler itself may have gone since, with an upgrade of the system.
  if [ -f "$emscripten/emcc.py" ] && [ -x "$(cat "$toolchain/emscripten.clang" 2>/dev/null)" ]; then
    return 0
  fi
  rm -f "$emscripten" "$toolchain/emscripten.clang"
  if have emcc && at_least "$(emcc_version)" "$emscripten_version"; then
    link_emscripten "$(dirname "$(readlink -f "$(command -v emcc)")")" "$(command -v emcc)"
  elif is_debian && need_twin; then
    emscripten_from_debian
  else
    emscripten_from_emsdk
  fi
  "$emscripten/emcc" --version >/dev/null 2>&1 ||
    die "Emscripten was unpacked to $emscripten but does not start: run '$emscripten/emcc --version' to see why."
}

emcc_version() { emcc --version | sed -n '1s/.* \([0-9][0-9]*\.[0-9][0-9]*\.[0-9][0-9]*\).*/\1/p'; }

# link_emscripten FOLDER COMPILER
link_emscripten() {
  ln -sfn "$1" "$toolchain/emscripten"
  printf '%s\n' "$2" >"$toolchain/emscripten.clang"
}

# Debian 13's emscripten (architecture all) beside the system's clang 19. Its binaryen was built for a newer libc than
# Debian 12 has, so it runs through a loader and libraries of its own; the system's stay as they are.
emscripten_from_debian() {
  have clang-19 && have wasm-ld-19 && have llvm-ar-19 ||
    need_packages "the WebAssembly compiler" clang-19 lld-19 llvm-19
  say "fetching Emscripten (240 MB, once)"
  prefix="$toolchain/emscripten-debian"
  rm -rf "$prefix"
  mkdir -p "$prefix/debs"
  (cd "$prefix/debs" && quietly twin_apt apt-get download emscripten binaryen node-acorn libc6 libgcc-s1 libstdc++6) ||
    die "apt could not fetch Emscripten's packages; its last lines are above."
  say "unpacking Emscripten"
  for deb in "$prefix"/debs/*.deb; do
    # Left out, most of 1.7 GB: what C programs for WebAssembly never link.
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$prefix" --exclude='*/wasm32-emscripten/lto' --exclude='*/wasm32-emscripten/pic' \
      --exclude='libwasmfs*' --exclude='*-asan*.a' --exclude='*-ww*.a' --exclude='*-emu*.a' --exclude='*-debug*.a' \
      --exclude='*/emscripten/test' --exclude='*/share/doc' --exclude='*/lib/*/gconv'
  done
  rm -rf "$prefix/debs"
  write_binaryen_starters
  share="$prefix/usr/share/emscripten"
  ln -s ../nodejs "$share/node_modules" # where its optimizer finds acorn
  cat >"$share/.emscripten" <<CONFIG
LLVM_ROOT = '/usr/bin'
LLVM_ADD_VERSION = '19'
CLANG_ADD_VERSION = '19'
BINARYEN_ROOT = '$prefix/binaryen'
CACHE = '$share/cache'
NODE_JS = 'node'
CONFIG
  link_emscripten "$share" "$(command -v clang-19)"
}

write_binaryen_starters() {
  loader=$(find "$prefix/usr/lib" -name 'ld-linux*.so.*' | head -n 1)
  libraries=$(dirname "$(find "$prefix/usr/lib" -name 'libc.so.6' | head -n 1)")
  mkdir -p "$prefix/binaryen/bin"
  for program in "$prefix"/usr/bin/wasm*; do
    starter="$prefix/binaryen/bin/$(basename "$program")"
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s" "$@"\n' "$loader" "$libraries" "$program" >"$starter"
    chmod +x "$starter"
  done
}

emscripten_from_emsdk() {
  how="Install Emscripten $emscripten_version or newer (emscripten.org, 'emsdk install'), put emcc on PATH and run this again."
  have curl && have tar || die "curl and tar are needed to fetch Emscripten. Install them, or: $how"
  say "fetching Emscripten through emsdk (about 300 MB, once)"
  prefix="$toolchain/emsdk"
  rm -rf "$prefix"
  mkdir -p "$prefix"
  curl -fsSL --connect-timeout 10 "https://github.com/emscripten-core/emsdk/archive/refs/tags/$emscripten_version.tar.gz" |
    tar -xz -C "$prefix" --strip-components=1 || die "emsdk cannot be reached. $how"
  quietly "$prefix/emsdk" install "$emscripten_version" || die "emsdk could not install Emscripten. $how"
  quietly "$prefix/emsdk" activate "$emscripten_version" || die "emsdk could not activate Emscripten. $how"
  # emcc finds this configuration beside itself, without emsdk's environment.
  cp "$prefix/.emscripten" "$prefix/upstream/emscripten/.emscripten"
  link_emscripten "$prefix/upstream/emscripten" "$prefix/upstream/bin/clang"
}
