#include "ledger/log/log_keys.h"

#include "ledger/rules/authority.h"

namespace pilotledger::ledger {

const crypto::VerifyKey& LogKeys::of(std::uint64_t size) const {
  auto term = terms_.end() - 1;
  while (term != terms_.begin() && term->since >= size) --term;
  return term->key;
}

const crypto::VerifyKey* LogKeys::find(std::string_view keyName) const {
  for (const Term& term : terms_) {
    if (keyEntityId(term.key) == keyName) return &term.key;
  }
  return nullptr;
}

bool LogKeys::contains(const crypto::VerifyKey& key) const {
  const crypto::VerifyKey* same = find(keyEntityId(key));
  return same != nullptr && *same == key;
}

Result<proof::Checkpoint> LogKeys::open(std::string_view note) const {
  PL_TRY(proof::Checkpoint unsure, proof::readCheckpoint(note));
  return proof::openCheckpoint(note, of(unsure.size), first().name());
}

}  // namespace pilotledger::ledger
