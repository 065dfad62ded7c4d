// One program for all targets: PILOTLEDGER_TARGET=event build/fuzz/bin/fuzz CORPUS_DIRECTORY
#include <cstdint>
#include <cstdlib>

#include "tests/fuzz/targets.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const char* chosen = std::getenv("PILOTLEDGER_TARGET");
  for (const auto& target : pilotledger::fuzz::targets()) {
    if (chosen == nullptr || target.name == chosen) target.run({reinterpret_cast<const char*>(data), size});
  }
  return 0;
}
