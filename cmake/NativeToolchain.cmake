# Picks the native compiler: clang first (its sanitizers and vector extensions are what the tests are run with), else the system's.
# CC in the environment wins.

if(NOT DEFINED ENV{CC})
  find_program(CMAKE_C_COMPILER NAMES clang-19 clang-20 clang-21 clang cc REQUIRED)
endif()
