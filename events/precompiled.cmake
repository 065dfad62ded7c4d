# Headers are most of what the compiler reads: those that most sources include are parsed once. Ledger and
# query headers stay outside: they change often, and are cheap once these are known. So does
# nlohmann/json.hpp: its inline functions would be instantiated again in every source.
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/precompiled.cpp CONTENT "")
add_library(pilotledger_headers OBJECT ${PROJECT_BINARY_DIR}/precompiled.cpp)
target_include_directories(pilotledger_headers PRIVATE ${PROJECT_SOURCE_DIR})
target_link_libraries(pilotledger_headers
  PRIVATE pilotledger_schema absl::node_hash_map fmt::fmt pilotledger_options)
target_precompile_headers(pilotledger_headers PRIVATE
  <algorithm> <array> <atomic> <charconv> <cstdint> <cstdlib> <cstring> <filesystem> <fstream> <functional> <future>
  <map> <memory> <mutex> <optional> <set> <span> <string> <string_view> <thread> <unordered_map> <utility> <vector>
  <absl/container/node_hash_map.h> <fmt/format.h> <events/codec.h>)

# Every target that takes our options takes these headers too.
function(pilotledger_share_headers directory)
  get_property(targets DIRECTORY ${directory} PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target ${targets})
    get_target_property(libraries ${target} LINK_LIBRARIES)
    if(NOT target STREQUAL "pilotledger_headers" AND "pilotledger_options" IN_LIST libraries)
      target_precompile_headers(${target} REUSE_FROM pilotledger_headers)
    endif()
  endforeach()
  get_property(children DIRECTORY ${directory} PROPERTY SUBDIRECTORIES)
  foreach(child ${children})
    pilotledger_share_headers(${child})
  endforeach()
endfunction()
pilotledger_share_headers(${PROJECT_SOURCE_DIR})
