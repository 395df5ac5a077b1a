#!/bin/sh
# Brings everything that Tunelab is built and tested with. Idempotent, and quiet when there is nothing to do.
#
#   tools/setup.sh build   what `npm run finetune` needs: CMake, Ninja, Emscripten, cJSON's source, the npm packages
#   tools/setup.sh         the same, and what `npm test` needs: clang with its sanitizers, clang-format, clang-tidy
#
# Needs a shell and Node.js 20 or newer. System packages come through apt where there is one (as root or with sudo);
# elsewhere the script says what to install. Everything else goes to a private folder that all clones share:
# $TUNELAB_TOOLCHAIN, by default ~/.cache/tunelab/toolchain.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
toolchain=${TUNELAB_TOOLCHAIN:-$HOME/.cache/tunelab/toolchain}
for part in common apt native emscripten cjson npm; do
  . "$root/tools/setup/$part.sh"
done

mode=${1:-all}
case $mode in
build | all) ;;
*) die "unknown mode '$mode'. Use 'tools/setup.sh build' or 'tools/setup.sh'." ;;
esac

need_node
mkdir -p "$toolchain" || die "cannot write to $toolchain. Set TUNELAB_TOOLCHAIN to a folder of yours."
take_lock
need_build_tools
need_emscripten
need_cjson
drop_twin
need_npm_packages
[ "$mode" = build ] || need_native_tools
