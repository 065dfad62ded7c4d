// What was recorded before: found again, and whether it still stands.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "ledger/ledger.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

// Of receipts: what was there already, and what of that no longer stands. A receipt of what was taken back must not
// pass for a record that stands.
class RecordedBefore {
 public:
  Status see(const ledger::Ledger& ledger, const ledger::AppendReceipt& receipt);
  void say(const Context& context) const;
  std::size_t count = 0;

 private:
  std::vector<std::pair<std::uint64_t, std::uint64_t>> takenBack_;  // entry, and by which
};

// The end of a dry run.
void sayRehearsed(const Context& context, std::size_t events, std::size_t there);

}  // namespace pilotledger::cli
