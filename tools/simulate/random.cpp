#include "tools/simulate/random.h"

#include <fmt/format.h>

#include <array>

#include "events/base/result.h"
#include "events/identifiers.h"

namespace pilotledger::simulate {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

char organisationCheck(std::string_view eight) {
  constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < eight.size(); ++i) {
    int value = eight[i] <= '9' ? eight[i] - '0' : eight[i] - 'A' + 10;
    sum += value * kWeights[i];
  }
  int check = 11 - sum % 11;
  return check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
}

char creditCheck(std::string_view seventeen) {
  int sum = 0, weight = 1;
  for (char c : seventeen) {
    sum += static_cast<int>(kAlphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return kAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

}  // namespace

std::int64_t Random::amount(std::int64_t smallYuan, std::int64_t largeYuan) {
  std::int64_t span = largeYuan - smallYuan;
  std::int64_t part = between(0, 1000);
  return (smallYuan + span * part / 1000 * part / 1000) * 100;
}

Digest Random::digest() {
  Digest digest{};
  for (std::size_t i = 0; i < digest.size(); i += 8) {
    std::uint64_t word = bits();
    for (std::size_t k = 0; k < 8; ++k) digest[i + k] = static_cast<std::uint8_t>(word >> (8 * k));
  }
  return digest;
}

std::string creditCode(std::string_view prefix, std::uint64_t serial) {
  std::string code = fmt::format("{}MA{:06}", prefix, serial % 1'000'000);
  code += organisationCheck(std::string_view(code).substr(8, 8));
  return code + creditCheck(code);
}

std::string inventionNumber(int year, std::uint64_t serial) {
  std::string digits = fmt::format("{}1{:07}", year, serial % 10'000'000);
  return "CN" + digits + events::chinesePatentCheck(digits);
}

}  // namespace pilotledger::simulate
