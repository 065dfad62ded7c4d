// From events to records: batching, receipts.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "tools/cli/event_reader.h"

namespace pilotledger::cli {

struct RecordOptions {
  std::size_t batch = 1000;                                // events per submission
  bool rehearsal = false;                                  // nothing is kept: what is said of an error says so
  std::function<Status(std::vector<EventLine>&)> prepare;  // a batch as it goes to the log; may be empty
  std::function<Status(const ledger::AppendReceipt&, const std::string& checkpoint)> receipt;
};

// The next event; none at the end.
using EventSource = std::function<Result<std::optional<EventLine>>()>;

// In batches of one submission each, of which one at a time is in memory; the first fault stops, names its line, and
// says how many events were recorded before it.
Result<std::size_t> recordAll(ledger::Ledger& ledger, const EventSource& next, std::span<const crypto::SigningKey> keys,
                              const RecordOptions& options);
Result<std::size_t> recordAll(ledger::Ledger& ledger, std::span<const EventLine> events,
                              std::span<const crypto::SigningKey> keys, const RecordOptions& options);

std::string receiptLine(const ledger::AppendReceipt& receipt, const std::string& checkpoint);

}  // namespace pilotledger::cli
