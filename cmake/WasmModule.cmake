# The WebAssembly module (tunelab.mjs + tunelab.wasm), the C tests as WebAssembly programs that node runs, and the
# benchmarks as programs that node and a browser's worker run.

# What the module and the tests share at the link step.
set(tl_wasm_link_options
    -sALLOW_MEMORY_GROWTH=1
    -sMAXIMUM_MEMORY=4GB
    -sINITIAL_MEMORY=2MB # the stack and the module's data
    -sMEMORY_GROWTH_LINEAR_STEP=256KB # by what is asked for; Emscripten's default takes a fifth more, and keeps it
    -sSTACK_SIZE=1MB
    -sDEFAULT_PTHREAD_STACK_SIZE=512KB
    -sABORTING_MALLOC=0 # malloc returns NULL, and the core says so
    -sMALLOC=dlmalloc
    -sWASM_BIGINT=1
    -sSUPPORT_LONGJMP=0
    -sPTHREAD_POOL_SIZE_STRICT=2 # pthread_create fails when the pool is used up, instead of waiting forever
    -Wno-pthreads-mem-growth) # about views going stale; JavaScript makes fresh ones from the memory

# tl_add_wasm_module(LIBRARY HEADERS): links LIBRARY into tunelab.mjs. It exports what the public headers mark with TL_API,
# and malloc and free; the headers are the only list.
function(tl_add_wasm_module library headers)
  set(exports "_malloc\n_free\n")
  foreach(header IN LISTS headers)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${header}")
    file(READ "${header}" text)
    string(REGEX MATCHALL "\nTL_API [^;(]*[ *\n]tl_[a-z0-9_]+\\(" declarations "${text}")
    foreach(declaration IN LISTS declarations)
      string(REGEX REPLACE ".*[ *\n](tl_[a-z0-9_]+)\\($" "_\\1\n" name "${declaration}")
      string(APPEND exports "${name}")
    endforeach()
  endforeach()
  set(exports_file "${CMAKE_BINARY_DIR}/exports.txt")
  file(CONFIGURE OUTPUT "${exports_file}" CONTENT "${exports}") # rewritten, and so linked anew, only on a change

  add_executable(tunelab_module $<TARGET_OBJECTS:${library}> $<TARGET_OBJECTS:cjson>)
  set_target_properties(
    tunelab_module
    PROPERTIES OUTPUT_NAME tunelab
               SUFFIX .mjs
               LINKER_LANGUAGE C
               RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}"
               LINK_DEPENDS "${exports_file};${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module_memory.js")
  target_link_options(
    tunelab_module
    PRIVATE
    ${tl_wasm_link_options}
    --no-entry
    -sMODULARIZE=1
    -sEXPORT_ES6=1
    -sEXPORT_NAME=create_tunelab
    -sENVIRONMENT=web,worker,node
    -sFILESYSTEM=0
    -sDYNAMIC_EXECUTION=0 # no eval: pages may forbid it
    -sINCOMING_MODULE_JS_API=locateFile,wasmBinary,instantiateWasm,print,printErr,onAbort
    -sEXPORTED_FUNCTIONS=@${exports_file}
    -sEXPORTED_RUNTIME_METHODS=UTF8ToString
    "SHELL:--post-js ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/module_memory.js")
  if(TL_THREADS)
    # The caller chooses: create_tunelab({ pthreadPoolSize: threads - 1 }).
    target_link_options(tunelab_module PRIVATE "-sPTHREAD_POOL_SIZE=Module['pthreadPoolSize']||0")
  endif()
endfunction()

# The programs below tests/ are CommonJS scripts, whatever a package.json further up says.
file(WRITE "${CMAKE_BINARY_DIR}/tests/package.json" "{ \"type\": \"commonjs\" }\n")

# tl_wasm_program_options(TARGET [OPTION…]): a program with a main, the given link options and a few threads at hand.
function(tl_wasm_program_options target)
  target_link_options(${target} PRIVATE ${tl_wasm_link_options} -sEXIT_RUNTIME=1 ${ARGN})
  if(TL_THREADS)
    # More than any program asks for; a page that knows better says so.
    target_link_options(${target} PRIVATE "-sPTHREAD_POOL_SIZE=Module['pthreadPoolSize']||8")
  endif()
endfunction()

# tl_wasm_test_options(TARGET): a test program for node, with the real file system for the goldens.
function(tl_wasm_test_options target)
  tl_wasm_program_options(${target} -sENVIRONMENT=node,worker -sNODERAWFS=1)
endfunction()

# tl_wasm_bench_options(TARGET): a benchmark program for node and for a browser's worker; it reads no files.
function(tl_wasm_bench_options target)
  tl_wasm_program_options(${target} -sENVIRONMENT=web,worker,node -sFILESYSTEM=0)
endfunction()
