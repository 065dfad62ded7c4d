// A bank's statement, as a balance assertion: what was there, what moved, what is there now.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::reconcile {

struct BankEntry {
  std::string date;         // booked on, ISO
  std::int64_t amount = 0;  // minor units; credit to the account holder is positive
  std::vector<std::string> references;
  std::string text;
};

struct BankStatement {
  std::string id;
  std::string account;
  std::uint16_t currency = 0;
  std::string from, to;  // days covered, ISO
  std::optional<std::int64_t> opening, closing;
  std::vector<BankEntry> entries;

  // The balances and the entries in one line, and whether they add up.
  struct Tally {
    bool adds = true;
    std::int64_t moved = 0;
  };
  Result<Tally> tally() const;
};

inline constexpr std::size_t kMaxStatementBytes = 64u << 20;

// ISO 20022 camt.053, versions 2 to 8: booked entries only. A document type declaration is refused,
// so no entity is ever resolved. InvalidInput names the statement and the element.
Result<std::vector<BankStatement>> parseCamt053(std::string_view xml);

// CSV as a rules file says (README.md). Balances are those of the balance column, which must run
// on from row to row.
Result<BankStatement> parseStatementCsv(std::string_view csv, std::string_view rulesToml, const std::string& name);

}  // namespace pilotledger::reconcile
