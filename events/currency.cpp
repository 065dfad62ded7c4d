// The currencies of ISO 4217 with numbers, those of the past included: old contracts and lists name them. Left out:
// codes that are no money to pay with (metals, SDR, bond units, tests).
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/money.h"

namespace pilotledger::events {
namespace {

struct Currency {
  std::uint16_t numeric;
  std::string_view alpha;
  int digits;  // of the minor unit
};

// clang-format off
constexpr auto kCurrencies = std::to_array<Currency>({
    // in use
    {784, "AED", 2}, {971, "AFN", 2}, {8, "ALL", 2}, {51, "AMD", 2}, {973, "AOA", 2}, {32, "ARS", 2}, {36, "AUD", 2},
    {533, "AWG", 2}, {944, "AZN", 2}, {977, "BAM", 2}, {52, "BBD", 2}, {50, "BDT", 2}, {975, "BGN", 2},
    {48, "BHD", 3}, {108, "BIF", 0}, {60, "BMD", 2}, {96, "BND", 2}, {68, "BOB", 2}, {984, "BOV", 2}, {986, "BRL", 2},
    {44, "BSD", 2}, {64, "BTN", 2}, {72, "BWP", 2}, {933, "BYN", 2}, {84, "BZD", 2}, {124, "CAD", 2}, {976, "CDF", 2},
    {947, "CHE", 2}, {756, "CHF", 2}, {948, "CHW", 2}, {990, "CLF", 4}, {152, "CLP", 0}, {156, "CNY", 2},
    {170, "COP", 2}, {970, "COU", 2}, {188, "CRC", 2}, {192, "CUP", 2}, {132, "CVE", 2}, {203, "CZK", 2},
    {262, "DJF", 0}, {208, "DKK", 2}, {214, "DOP", 2}, {12, "DZD", 2}, {818, "EGP", 2}, {232, "ERN", 2},
    {230, "ETB", 2}, {978, "EUR", 2}, {242, "FJD", 2}, {238, "FKP", 2}, {826, "GBP", 2}, {981, "GEL", 2},
    {936, "GHS", 2}, {292, "GIP", 2}, {270, "GMD", 2}, {324, "GNF", 0}, {320, "GTQ", 2}, {328, "GYD", 2},
    {344, "HKD", 2}, {340, "HNL", 2}, {332, "HTG", 2}, {348, "HUF", 2}, {360, "IDR", 2}, {376, "ILS", 2},
    {356, "INR", 2}, {368, "IQD", 3}, {364, "IRR", 2}, {352, "ISK", 0}, {388, "JMD", 2}, {400, "JOD", 3},
    {392, "JPY", 0}, {404, "KES", 2}, {417, "KGS", 2}, {116, "KHR", 2}, {174, "KMF", 0}, {408, "KPW", 2},
    {410, "KRW", 0}, {414, "KWD", 3}, {136, "KYD", 2}, {398, "KZT", 2}, {418, "LAK", 2}, {422, "LBP", 2},
    {144, "LKR", 2}, {430, "LRD", 2}, {426, "LSL", 2}, {434, "LYD", 3}, {504, "MAD", 2}, {498, "MDL", 2},
    {969, "MGA", 2}, {807, "MKD", 2}, {104, "MMK", 2}, {496, "MNT", 2}, {446, "MOP", 2}, {929, "MRU", 2},
    {480, "MUR", 2}, {462, "MVR", 2}, {454, "MWK", 2}, {484, "MXN", 2}, {979, "MXV", 2}, {458, "MYR", 2},
    {943, "MZN", 2}, {516, "NAD", 2}, {566, "NGN", 2}, {558, "NIO", 2}, {578, "NOK", 2}, {524, "NPR", 2},
    {554, "NZD", 2}, {512, "OMR", 3}, {590, "PAB", 2}, {604, "PEN", 2}, {598, "PGK", 2}, {608, "PHP", 2},
    {586, "PKR", 2}, {985, "PLN", 2}, {600, "PYG", 0}, {634, "QAR", 2}, {946, "RON", 2}, {941, "RSD", 2},
    {643, "RUB", 2}, {646, "RWF", 0}, {682, "SAR", 2}, {90, "SBD", 2}, {690, "SCR", 2}, {938, "SDG", 2},
    {752, "SEK", 2}, {702, "SGD", 2}, {654, "SHP", 2}, {925, "SLE", 2}, {706, "SOS", 2}, {968, "SRD", 2},
    {728, "SSP", 2}, {930, "STN", 2}, {222, "SVC", 2}, {760, "SYP", 2}, {748, "SZL", 2}, {764, "THB", 2},
    {972, "TJS", 2}, {934, "TMT", 2}, {788, "TND", 3}, {776, "TOP", 2}, {949, "TRY", 2}, {780, "TTD", 2},
    {901, "TWD", 2}, {834, "TZS", 2}, {980, "UAH", 2}, {800, "UGX", 0}, {840, "USD", 2}, {997, "USN", 2},
    {940, "UYI", 0}, {858, "UYU", 2}, {927, "UYW", 4}, {860, "UZS", 2}, {926, "VED", 2}, {928, "VES", 2},
    {704, "VND", 0}, {548, "VUV", 0}, {882, "WST", 2}, {396, "XAD", 2}, {950, "XAF", 0}, {951, "XCD", 2},
    {532, "XCG", 2}, {952, "XOF", 0}, {953, "XPF", 0}, {886, "YER", 2}, {710, "ZAR", 2}, {967, "ZMW", 2},
    {924, "ZWG", 2},
    // no longer in use; a number that occurs above or before belongs to the newer name
    {20, "ADP", 0}, {4, "AFA", 2}, {532, "ANG", 2}, {982, "AOR", 2}, {40, "ATS", 2}, {945, "AYM", 2}, {31, "AZM", 2},
    {70, "BAD", 2}, {56, "BEF", 0}, {100, "BGL", 2}, {112, "BYB", 0}, {974, "BYR", 0}, {891, "CSD", 2},
    {200, "CSK", 2}, {931, "CUC", 2}, {196, "CYP", 2}, {278, "DDM", 2}, {276, "DEM", 2}, {218, "ECS", 0},
    {983, "ECV", 2}, {233, "EEK", 2}, {724, "ESP", 0}, {246, "FIM", 2}, {250, "FRF", 2}, {288, "GHC", 2},
    {300, "GRD", 0}, {624, "GWP", 2}, {191, "HRK", 2}, {372, "IEP", 2}, {380, "ITL", 0}, {440, "LTL", 2},
    {442, "LUF", 0}, {428, "LVL", 2}, {450, "MGF", 0}, {478, "MRO", 2}, {470, "MTL", 2}, {508, "MZM", 2},
    {528, "NLG", 2}, {616, "PLZ", 2}, {620, "PTE", 0}, {642, "ROL", 2}, {810, "RUR", 2}, {736, "SDD", 2},
    {705, "SIT", 2}, {703, "SKK", 2}, {694, "SLL", 2}, {740, "SRG", 2}, {678, "STD", 2}, {795, "TMM", 2},
    {626, "TPE", 0}, {792, "TRL", 0}, {804, "UAK", 2}, {862, "VEB", 2}, {937, "VEF", 2}, {954, "XEU", 2},
    {720, "YDD", 2}, {894, "ZMK", 2}, {180, "ZRN", 2}, {716, "ZWD", 2}, {932, "ZWL", 2}, {942, "ZWN", 2},
    {935, "ZWR", 2}, {191, "HRD", 2}, {891, "YUM", 2}});
// clang-format on

const Currency* findCurrency(std::uint16_t numeric) {
  auto at =
      std::find_if(kCurrencies.begin(), kCurrencies.end(), [&](const Currency& c) { return c.numeric == numeric; });
  return at == kCurrencies.end() ? nullptr : &*at;
}

}  // namespace

bool isKnownCurrency(std::uint16_t numeric) { return findCurrency(numeric) != nullptr; }

std::string_view currencyAlpha(std::uint16_t numeric) {
  const Currency* currency = findCurrency(numeric);
  return currency == nullptr ? std::string_view() : currency->alpha;
}

int currencyDigits(std::uint16_t numeric) {
  const Currency* currency = findCurrency(numeric);
  return currency == nullptr ? 2 : currency->digits;
}

Result<std::uint16_t> parseCurrency(std::string_view alpha) {
  for (const Currency& currency : kCurrencies) {
    if (currency.alpha == alpha) return currency.numeric;
  }
  return invalidInput(fmt::format("expected an ISO 4217 currency such as CNY, found '{}'", alpha.substr(0, 10)),
                      fmt::format("应为 ISO 4217 币种代码（如 CNY），实为“{}”", alpha.substr(0, 10)));
}

}  // namespace pilotledger::events
