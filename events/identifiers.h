// Identifiers of the real world: how each is checked, and the one spelling that is recorded.
// canonicalX() accepts the spellings met in practice and returns the canonical one.
#pragma once

#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::events {

// Unified social credit code, GB 32100-2015: 18 characters, the last a check character mod 31.
bool looksLikeUscc(std::string_view text);                 // length and alphabet only
Result<std::string> canonicalUscc(std::string_view text);  // check character too
// The organisation code inside (positions 9 to 17) passes GB 11714. A soft check.
bool organisationCodeAgrees(std::string_view uscc);

// Characters 3 to 8 begin with the code of a province, of the centre (10) or of the Corps (66, 99), GB/T 2260.
bool usccNamesDivision(std::string_view uscc);

// 18 characters that are a citizen's number by GB 11643-1999: a birthday in characters 7 to 14 and the check character.
bool isIdentityCardNumber(std::string_view text);

// A party: a USCC (its check is a rule, since real codes exist that fail it) or "<scheme>:<id>"
// with a scheme of [a-z0-9-]{2,16}, for parties that only a foreign or local list knows.
Result<std::string> canonicalParty(std::string_view text);

// An IP number as decoding accepts it, for ever; what is recorded or asked now is read by ip_number.h. Canonical forms:
//   CN2023110000011   Chinese patent or application: "CN" + digits + check character (hard)
//   US9219817, USD765432, USRE45678, USPP12345   granted in the US, kind code dropped
//   US14678893A       US application (from 14/678,893)
//   US20150215460A1   US publication
//   XX...             other offices, as they write it, upper case, no spaces
Result<std::string> canonicalIp(std::string_view text);
char chinesePatentCheck(std::string_view digits);  // of 8 or 12 digits

// Official document number: brackets become U+3014 and U+3015; a foreign one stays as it is.
std::string canonicalDocNo(std::string_view text);

// GB/T 2260 six digits, or an ISO 3166 two-letter country.
Result<std::string> canonicalDivision(std::string_view text);
// 330000 covers 330100 and 330102; CN covers all six-digit codes.
bool divisionCovers(std::string_view outer, std::string_view inner);

// A name that some register or platform gave: 1 to 128 bytes without spaces at the ends, without
// control characters.
Result<std::string> canonicalId(std::string_view text);

// Refuses what looks like another text: a word that mixes Latin letters or digits with Cyrillic, Greek, Armenian or
// Cherokee ones, or whose letters of those scripts all look Latin, and digits other than 0 to 9. For questions.
Status requireOneScript(std::string_view id);

// A plain decimal number without exponent, leading '+', needless zeros: "-0.50" -> "-0.5".
Result<std::string> canonicalDecimal(std::string_view text);

}  // namespace pilotledger::events
