// One event applied to the world: the generic part of every rule, then the rule of its kind.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger {

struct EntryContext {
  std::uint64_t index = 0;
  std::int32_t recordedOn = 0;
};

// Checks that entities exist or are new, that the signers have authority, applies the kind's rule,
// extends the trail of every entity named (of a reversal's target too). Returns the keys of those
// entities, each once. Used alike by the committer and by the replay of fsck.
Result<std::vector<std::string>> applyEvent(const LogContext& log, EntityOverlay& world, const events::Event& event,
                                            const Digest& eventDigest, std::span<const Signer> signers,
                                            const EntryContext& at);

}  // namespace pilotledger::ledger
