# The WebAssembly toolchain: Emscripten where tools/setup.sh put it (or linked to it).

if(DEFINED ENV{TUNELAB_TOOLCHAIN})
  set(tl_emscripten "$ENV{TUNELAB_TOOLCHAIN}/emscripten")
else()
  set(tl_emscripten "$ENV{HOME}/.cache/tunelab/toolchain/emscripten")
endif()
if(NOT EXISTS "${tl_emscripten}/cmake/Modules/Platform/Emscripten.cmake")
  message(FATAL_ERROR "Emscripten is not in ${tl_emscripten}. Run tools/setup.sh.")
endif()
# Test programs run on the npm package's node before any other: it is sure to know relaxed SIMD.
find_program(
  CMAKE_CROSSCOMPILING_EMULATOR
  NAMES node nodejs
  HINTS "${CMAKE_CURRENT_LIST_DIR}/../node_modules/.bin")
include("${tl_emscripten}/cmake/Modules/Platform/Emscripten.cmake")
