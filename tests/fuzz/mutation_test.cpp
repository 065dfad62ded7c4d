// Every target on its seeds and on 20,000 seeded mutations of them, in the ordinary test run and
// under the sanitizers. (libFuzzer explores further: preset fuzz.)
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/fuzz/targets.h"

namespace pilotledger::fuzz {
namespace {

std::string mutate(std::string bytes, std::mt19937_64& random) {
  for (auto n = 1 + random() % 4; n > 0; --n) {
    std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 6) {
      case 0:
        if (!bytes.empty()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        break;
      case 1:
        if (!bytes.empty()) bytes[at] = static_cast<char>(random());
        break;
      case 2: bytes.resize(at); break;
      case 3: bytes.insert(at, 1 + random() % 9, static_cast<char>(random())); break;
      case 4:
        if (!bytes.empty()) bytes.erase(at, 1 + random() % 9);
        break;
      default:
        if (!bytes.empty()) bytes.insert(at, bytes.substr(random() % bytes.size(), random() % 64));
        break;
    }
  }
  return bytes;
}

class Fuzz : public ::testing::TestWithParam<Target> {};

TEST_P(Fuzz, MutatedBytesAreReadOrRefused) {
  const Target& target = GetParam();
  std::mt19937_64 random(20260301);
  auto seeds = target.seeds();
  for (const auto& seed : seeds) target.run(seed);
  for (int i = 0; i < 20'000; ++i) target.run(mutate(seeds[random() % seeds.size()], random));
}

std::string testName(const ::testing::TestParamInfo<Target>& info) {
  std::string name(info.param.name);
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}
INSTANTIATE_TEST_SUITE_P(Decoders, Fuzz, ::testing::ValuesIn(targets()), testName);

}  // namespace
}  // namespace pilotledger::fuzz
