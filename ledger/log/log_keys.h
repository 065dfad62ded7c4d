// The keys that sign this log's checkpoints, one after another. The first founded the log; each event
// LogKeyRotated, signed by the key in force, names the next. So who trusts one of them can tell the others.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::ledger {

class LogKeys {
 public:
  struct Term {
    crypto::VerifyKey key;
    std::uint64_t since = 0;  // signs checkpoints of more entries than that: the entry that named it, 0 for the first
  };

  explicit LogKeys(crypto::VerifyKey first) : terms_{{std::move(first), 0}} {}
  void add(std::uint64_t entry, crypto::VerifyKey next) { terms_.push_back({std::move(next), entry}); }

  const std::vector<Term>& terms() const { return terms_; }
  const crypto::VerifyKey& first() const { return terms_.front().key; }
  const crypto::VerifyKey& current() const { return terms_.back().key; }
  const crypto::VerifyKey& of(std::uint64_t size) const;          // the key that signs a checkpoint of that size
  const crypto::VerifyKey* find(std::string_view keyName) const;  // "name+keyid"
  bool contains(const crypto::VerifyKey& key) const;

  // A checkpoint under the key of its size; errors as proof::openCheckpoint().
  Result<proof::Checkpoint> open(std::string_view note) const;

 private:
  std::vector<Term> terms_;  // never empty
};

}  // namespace pilotledger::ledger
