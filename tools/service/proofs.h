// Proof files: built, and checked as their reader will before anybody gets them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "ledger/proof/verify.h"
#include "ledger/prover.h"
#include "tools/service/site.h"

namespace pilotledger::service {

// A proof that does not verify is never handed out: then the ledger is damaged.
Result<proof::VerifiedProof> checkOwnProof(const std::string& file, const ledger::Prover& prover);

enum class ProofOf {
  Event,      // an entry with its event
  Entry,      // an entry, the event's digest in its place
  Inclusion,  // C2SP tlog-proof
  Entity,     // the record, or that no entry names it
  History,    // with every entry that names it
  Pledge,
};
struct ProofWanted {
  ProofOf what = ProofOf::Event;
  std::uint64_t index = 0;  // of Event, Entry, Inclusion
  std::string name;         // of Entity, History: as the log spells it; of Pledge: recorded spelling
};
// The file's bytes.
Result<std::string> buildProof(ledger::Prover& prover, const ProofWanted& wanted);

}  // namespace pilotledger::service
