// The number of a right as people write it, when somebody records or asks: every usual spelling gives the one that is
// recorded, and a number that may be another one (of a publication, of a certificate, without its office) is refused
// with words. Decoding does not come here: what earlier releases recorded is read by canonicalIp() as it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::events {

struct IpNumber {
  std::string canonical;             // as it is recorded now; canonicalIp() gives it back unchanged
  std::vector<std::string> older;    // spellings of the same right that earlier releases recorded
  std::optional<Message> ambiguous;  // set: this spelling may also mean another right, so its absence says nothing
};

// Pure, thread-safe. InvalidInput says what the text is instead, where that can be told:
//   专利号：ZL 2023 1 1000001.1, CN202311000001.1A       CN2023110000011 (check character is hard)
//   US 5,113,523 A, US5113523                           US5113523   (a grant; its kind code is dropped)
//   14/678,893, US14678893A                             US14678893A (an application)
//   US 2015/0215460 A1, US2015215460A1                  US20150215460A1 (a publication)
//   RE45,678, Re. 45678, USRE45678E1                    USRE45678
//   EP 1 234 567 B1, KR 10-1234567 B1                   EP1234567B1, KR101234567B1; without B1 it is ambiguous
//   CN101234562A, a certificate's number, 9219817, XX1  refused; so is what begins with no office of WIPO ST.3
Result<IpNumber> readIpNumber(std::string_view text);

// The number without its office's kind code: EP1234567B1 -> EP1234567. Rights of other offices that share it are
// easily taken for each other. Empty for Chinese numbers and US applications, which nothing else is taken for.
std::string_view numberWithoutKind(std::string_view canonical);
// Without the punctuation that earlier releases recorded inside numbers: KR10-1234567B1 -> KR101234567B1.
std::string bareNumber(std::string_view text);
// What is left of a number that begins with another is a kind code: "B1".
bool isKindCode(std::string_view text);

}  // namespace pilotledger::events
