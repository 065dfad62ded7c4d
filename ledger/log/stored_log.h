// The log as a store holds it: the tree, its newest checkpoint, and what the last entry says.
#pragma once

#include <optional>
#include <string>

#include "ledger/log/identity.h"
#include "ledger/log/log_keys.h"
#include "ledger/log/tree_store.h"
#include "ledger/store/store.h"
#include "ledger/tlog/entry.h"

namespace pilotledger::ledger {

// A commit that is on stable storage and signed.
struct Durable {
  std::uint64_t size = 0;
  Digest root{};
  std::string checkpoint;
};

struct StoredLog {
  TreeStore tree;
  Durable durable;  // of the newest checkpoint
  std::optional<proof::Entry> lastEntry;

  bool isSigned() const { return durable.size == tree.size(); }
  std::int64_t lastRecordedAtMs() const { return lastEntry ? lastEntry->recordedAtMs : 0; }
  std::optional<Digest> stateRoot() const { return lastEntry ? lastEntry->stateRoot : std::nullopt; }
};

// Corruption when the entries do not have the root of the newest checkpoint, or more than one commit stands behind it.
Result<StoredLog> openStoredLog(const LedgerIdentity& identity, const LogKeys& keys, const Store& store);

}  // namespace pilotledger::ledger
