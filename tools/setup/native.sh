# The native tools for tools/setup.sh: CMake and Ninja for every build, clang 19 with its sanitizers and checkers for tests.

need_build_tools() {
  missing=
  have cmake && at_least "$(cmake --version | sed -n 's/^cmake version \([0-9.]*\).*/\1/p')" 3.21 || missing="$missing cmake"
  have ninja || missing="$missing ninja-build"
  have cc || have clang || have clang-19 || missing="$missing gcc libc6-dev"
  have python3 || missing="$missing python3" # Emscripten's compiler driver is written in Python.
  # shellcheck disable=SC2086 # a list of words
  [ -z "$missing" ] || need_packages "the build tools" $missing
}

# Tests skip linting, with a message, where clang-format and clang-tidy of this version are not to be had.
need_native_tools() {
  missing=
  sanitizers_work || missing="$missing clang-19 libclang-rt-19-dev"
  have clang-format-19 || missing="$missing clang-format-19"
  have clang-tidy-19 || missing="$missing clang-tidy-19"
  [ -n "$missing" ] || return 0
  if have apt-get; then
    # shellcheck disable=SC2086 # a list of words
    need_packages "clang and its checkers" $missing
  else
    say "not found, so that the checks they make will be skipped:$missing"
  fi
}

# The runtimes of clang's sanitizers and of libFuzzer are a package of their own, so a compiler alone proves little.
sanitizers_work() {
  compiler=clang-19
  have "$compiler" || compiler=clang
  have "$compiler" && echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
    "$compiler" -fsanitize=address,undefined,fuzzer -x c - -o "$toolchain/probe" >/dev/null 2>&1 || return 1
  rm -f "$toolchain/probe"
}
