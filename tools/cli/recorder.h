// From JSON text to recorded events: reading, filling in ids, batching, receipts.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"

namespace pilotledger::cli {

inline constexpr std::size_t kMaxEventsFile = 1u << 30;

struct EventLine {
  std::size_t line = 0;  // where it begins, from 1
  Bytes bytes;
  bool derives = false;    // it came without an id (event_ids.h)
  std::uint32_t copy = 1;  // of equal events without an id, which one
};

// One JSON object, an array of them, or JSON Lines. A missing "id" gets a UUIDv7 of the clock's
// time, until deriveIds() gives a lasting one. Errors name file and line.
Result<std::vector<EventLine>> readEvents(std::string_view text, const std::string& name, const ledger::Clock& clock);

struct RecordOptions {
  std::size_t batch = 1000;  // events per submission
  std::function<Status(const ledger::Receipt&, const std::string& checkpoint)> receipt;
};

// In batches of one submission each; the first refusal stops, names its line, and says how many
// were recorded before it.
Result<std::size_t> recordAll(ledger::Ledger& ledger, std::span<const EventLine> events,
                              std::span<const crypto::SigningKey> keys, const RecordOptions& options);

std::string receiptJson(const ledger::Receipt& receipt, const std::string& checkpoint);

}  // namespace pilotledger::cli
