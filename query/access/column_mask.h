// How the columns of the fact tables are seen through a sight: as they are, as NULL, or with sealed
// numbers opened. The as-of views are built from these expressions, so views, findings and SQL follow.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "query/access/reader_scope.h"
#include "query/facts/facts.h"
#include "query/sql/database.h"

namespace pilotledger::query {

// Sealed numbers and what they stand for, from a vault.
using UnsealedNumbers = std::vector<std::pair<std::string, std::string>>;

class ColumnMask {
 public:
  // Fills the temporary tables fact_sight (entries at which the reader sees more than everywhere)
  // and fact_opened (sealed numbers).
  static Result<ColumnMask> make(Database& database, ReaderScope sight, const UnsealedNumbers& opened);
  ColumnMask() = default;  // everything, as recorded

  const ReaderScope& sight() const { return sight_; }
  // The columns of a table for a SELECT over it.
  std::string columns(const FactTable& table) const;
  // "table.column" of all that is withheld somewhere from this reader.
  const std::set<std::string>& withheld() const { return withheld_; }

 private:
  std::string seen(const FactColumn& column) const;
  ReaderScope sight_;
  bool opens_ = false;
  std::set<std::string> withheld_;
};

}  // namespace pilotledger::query
