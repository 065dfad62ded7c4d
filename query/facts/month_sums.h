// Monthly sums of every kind that enters the books, kept while events are projected: one table
// fact_month_KIND for each kind with postings, and over it the postings by month.
//
// Dimensions: whose books, the fields in account names, enums and flags; then month of the legal
// date, and currency. For each amount: its sum, the part of it that is negative, and how many are
// not zero. Which kinds and columns there are follows from the schema alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "query/facts/table_mapping.h"
#include "query/sql/database.h"

namespace pilotledger::query {

struct MonthSumsMapping {
  const events::Kind* kind = nullptr;
  std::vector<MappedColumn> dimensions;
  std::vector<MappedColumn> amounts;
};
const std::vector<MonthSumsMapping>& monthSumsMappings();

std::string summaryTablesSql();
std::string summaryColumns(const MonthSumsMapping& plan);  // of fact_month_KIND, in its order

// How the view month_KIND comes to its rows.
enum class SumBy {
  Stored,    // as they are: everything is visible
  Tail,      // less what was recorded since the position, and with what was taken back since
  Counting,  // from the visible facts
};
std::string summarySql(const MonthSumsMapping& plan, SumBy by, std::uint64_t position);

// The balanced postings of all kinds over the fact tables: entry_index, line, legal_date, books,
// account, amount, currency. Nothing is stored twice.
std::string postingsSql();
// The postings of the kinds with that field, by what it names: award (or loan), entry_index,
// account, amount. Needs no more than an index on the field to answer for one award.
std::string postingsOf(std::string_view field);
// By month, of the kinds with that field or of all: period, books, account, currency, debit, credit, amount, postings.
std::string monthlyPostingsSql(std::string_view field = "");

// Adds up events while they are projected. Sums that leave 64 bits are not kept: `exact` is then
// false for good, and the reader counts the facts instead.
class Summaries {
 public:
  static Result<std::unique_ptr<Summaries>> create(Database& database);
  ~Summaries();
  // Corruption when the event's postings do not add up to zero in each of the books.
  Status add(const ledger::LogRecord& recorded);
  void takeBack(const events::Event& target);  // of an entry that is projected
  // Writes what was added since the last call. Inside the caller's transaction.
  Status flush();
  bool exact() const;

 private:
  struct Rep;
  explicit Summaries(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace pilotledger::query
