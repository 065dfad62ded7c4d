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
  std::string date;         // booked on, ISO; of an instant, its day in UTC+8
  std::int64_t amount = 0;  // minor units; credit to the account holder is positive, never zero
  std::vector<std::string> references;
  std::string text;
};

// What says which days a statement covers.
enum class PeriodSource {
  Stated,    // the bank, or who asks
  Balances,  // the days of its balances
  Entries    // nothing: the first and last entry
};

struct BankStatement {
  std::string id;
  std::string account;
  std::uint16_t currency = 0;
  std::string from, to;  // days covered, ISO, both included; "" when nothing says so
  PeriodSource period = PeriodSource::Entries;
  std::optional<std::int64_t> opening, closing;
  std::string openingDay, closingDay;  // of these balances, where they are dated
  std::vector<BankEntry> entries;
  std::uint64_t page = 1;
  bool lastPage = true;
  std::vector<Message> remarks;  // what was taken in a way, or left out, that a reader should know of

  // The balances and the entries in one line, and whether they add up.
  struct Tally {
    bool adds = true;
    std::int64_t moved = 0;
  };
  Result<Tally> tally() const;
};

inline constexpr std::size_t kMaxStatementBytes = 64u << 20;

// ISO 20022 camt.053, versions 2 to 13, in any prefix, encoding and envelope: booked entries only. A document type
// declaration is refused, so no entity is ever resolved. InvalidInput names the statement and the element; other
// formats of banks (MT940, camt.052, camt.054) are refused by name.
Result<std::vector<BankStatement>> parseCamt053(std::string_view xml);

// CSV as a rules file says (README.md). Balances are those of the balance column, which must run on from row to row;
// total rows must be the total. A row that cannot be read is refused with its line.
Result<BankStatement> parseStatementCsv(std::string_view csv, std::string_view rulesToml, const std::string& name);

// InvalidInput when the text is in a format of banks that is not read, by its name.
Status refuseOtherFormats(std::string_view text);

}  // namespace pilotledger::reconcile
