// From recorded events to rows of the fact tables and to the monthly sums.
#pragma once

#include <memory>

#include "ledger/ledger.h"
#include "query/sql/database.h"

namespace pilotledger::query {

// Writes recorded events as rows. Used inside one transaction of the caller.
class Projector {
 public:
  static Result<std::unique_ptr<Projector>> create(Database& database, const ledger::Ledger& ledger);
  ~Projector();
  Status project(const ledger::LogRecord& recorded);
  // Before each commit: writes the sums. False from then on: they are not exact.
  Result<bool> flushSums();

 private:
  struct Rep;
  explicit Projector(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

}  // namespace pilotledger::query
