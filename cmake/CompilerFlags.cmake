# The flags of every target of ours: language level, warnings, floating-point rules, sanitizers, WebAssembly features.
# tunelab_flags: how we compile. tunelab_system: what a program that links the library needs as well.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON) # gnu11: POSIX threads and clocks are declared
set(CMAKE_EXPORT_COMPILE_COMMANDS ON) # clang-tidy reads them

add_library(tunelab_flags INTERFACE)
target_compile_options(
  tunelab_flags
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wmissing-prototypes
            -Wstrict-prototypes
            -Wvla
            -Wdouble-promotion
            -Wundef)
if(TL_WERROR)
  target_compile_options(tunelab_flags INTERFACE -Werror)
endif()
# TL_THREADS is always defined, as 0 or 1: one thread pool source serves both kinds of build.
target_compile_definitions(tunelab_flags INTERFACE TL_THREADS=$<BOOL:${TL_THREADS}>)

# These change code generation, so third-party code and the link step need the same.
add_library(tunelab_system INTERFACE)
target_link_libraries(tunelab_system INTERFACE m)

# A sum is what its formula says: no multiply-add is fused behind our back. simd.h fuses explicitly where a build may.
add_compile_options(-ffp-contract=off)

if(CMAKE_BUILD_TYPE STREQUAL "Release")
  string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
endif()
if(TL_THREADS)
  add_compile_options(-pthread)
  add_link_options(-pthread)
endif()

if(TL_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
endif()
if(TL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(EMSCRIPTEN)
  add_compile_options(-msimd128)
  if(TL_RELAXED_SIMD)
    add_compile_options(-mrelaxed-simd)
  endif()
endif()
