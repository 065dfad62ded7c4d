// One program for all targets: PILOTLEDGER_TARGET=event build/fuzz/bin/fuzz CORPUS_DIRECTORY. With
// PILOTLEDGER_TARGET=list it prints their names. The seeds of a target are written into an empty corpus.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include "tests/fuzz/targets.h"

namespace {

using pilotledger::fuzz::Target;

std::vector<Target> chosen() {
  const char* name = std::getenv("PILOTLEDGER_TARGET");
  std::vector<Target> found;
  for (const Target& target : pilotledger::fuzz::targets()) {
    if (name == nullptr || target.name == name) found.push_back(target);
  }
  return found;
}

void writeSeeds(const std::filesystem::path& corpus) {
  if (!std::filesystem::is_directory(corpus) || !std::filesystem::is_empty(corpus)) return;
  int number = 0;
  for (const Target& target : chosen()) {
    for (const std::string& seed : target.seeds())
      std::ofstream(corpus / ("seed-" + std::to_string(number++)), std::ios::binary) << seed;
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** words) {
  const char* name = std::getenv("PILOTLEDGER_TARGET");
  if (name != nullptr && std::string_view(name) == "list") {
    for (const Target& target : pilotledger::fuzz::targets()) std::printf("%s\n", target.name.data());
    std::exit(0);
  }
  for (int i = 1; i < *count; ++i) writeSeeds((*words)[i]);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::vector<Target> targets = chosen();
  for (const Target& target : targets) target.run({reinterpret_cast<const char*>(data), size});
  return 0;
}
