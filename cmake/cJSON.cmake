# The target `cjson`: cJSON's pinned release, as tools/setup.sh left it in the toolchain folder, checked before use.

if(DEFINED ENV{TUNELAB_TOOLCHAIN})
  set(tl_toolchain_default "$ENV{TUNELAB_TOOLCHAIN}")
else()
  set(tl_toolchain_default "$ENV{HOME}/.cache/tunelab/toolchain")
endif()
set(CJSON_DIR
    "${tl_toolchain_default}/cjson"
    CACHE PATH "Folder with cJSON.c and cJSON.h")

# cjson.sha256 has the format of sha256sum: one "checksum  name" a line.
file(STRINGS "${CMAKE_CURRENT_LIST_DIR}/cjson.sha256" cjson_pins)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${CMAKE_CURRENT_LIST_DIR}/cjson.sha256")
foreach(pin IN LISTS cjson_pins)
  string(REGEX MATCH "^([0-9a-f]+)  (.+)$" matched "${pin}")
  set(expected "${CMAKE_MATCH_1}")
  set(source "${CJSON_DIR}/${CMAKE_MATCH_2}")
  if(NOT EXISTS "${source}")
    message(FATAL_ERROR "${source} is missing. Run tools/setup.sh, or set CJSON_DIR to a folder with cJSON's source.")
  endif()
  file(SHA256 "${source}" actual)
  if(NOT actual STREQUAL expected)
    message(FATAL_ERROR "${source} is not the pinned release (SHA-256 ${actual}, expected ${expected}). "
                        "Delete ${CJSON_DIR} and run tools/setup.sh.")
  endif()
endforeach()

add_library(cjson STATIC "${CJSON_DIR}/cJSON.c")
target_include_directories(cjson SYSTEM PUBLIC "${CJSON_DIR}")
target_compile_options(cjson PRIVATE -w)
