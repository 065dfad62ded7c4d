// The statements of one account as one account of its days: pages joined, in order of time, none twice, and what does
// not continue said.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "events/base/result.h"
#include "tools/reconcile/statement.h"

namespace pilotledger::reconcile {

// What is wrong with the statements themselves. `state` stands in the table:
//   balance   opening + entries is not the closing balance
//   gap       a statement does not open with what the one before closed with
//   overlap   two statements cover the same days
//   repeated  the statement is there twice; the second is left out
//   pages     a page of the statement is missing
//   period    its dated balances are of other days than the period it states
//   outside   entries are booked on days that it does not cover, such as after its closing balance
struct Doubt {
  std::string state;
  std::string date;
  std::string statement;  // id
  std::optional<std::int64_t> bank, difference;
  Message text;
};

using Days = std::pair<std::string, std::string>;  // first and last, ISO

struct Series {
  std::string account;
  std::uint16_t currency = 0;
  std::vector<BankStatement> statements;
  std::vector<Doubt> doubts;
  std::vector<Days> covered;  // in order, apart from each other; days between statements that run on are covered
  bool daysAreSaid = true;    // else they are those of the entries, which say nothing of the days around
  bool narrowed = false;      // by who asks: entries of other days are paired, and not shown
};

// By account and currency. InvalidInput where amounts overflow.
Result<std::vector<Series>> arrange(std::vector<BankStatement> statements);

// Who asks states the days: where the file does not say them, or fewer than it does. InvalidInput for days that the
// file, which says them, does not cover. Empty ends stay as they are.
Status statePeriod(Series& series, const std::string& from, const std::string& to);

}  // namespace pilotledger::reconcile
