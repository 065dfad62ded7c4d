// The bank's question asked of several ledgers at one instant: a parent ledger records the signed checkpoints of the
// others (LedgerCheckpointed), so that its own checkpoint fixes size and root of each. The file holds the parent's
// proof of every record `ledger:ORIGIN` and each ledger's answer under that root; signatures of the ledgers need not be
// repeated. A ledger that signed two histories is `forked` in the parent for ever: then nothing can be said.
// README.md has the bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/proof/bundle.h"
#include "ledger/proof/proof_file.h"

namespace pilotledger::proof {

inline constexpr std::string_view kLogOfLogsMagic = "pilotledger/bundle/v2";

struct RecordedLedger {
  ProofEntity listed;                // `ledger:ORIGIN` in the parent's map
  std::optional<ProofEntry> last;    // the last entry of the tree that the parent recorded
  std::vector<ProofEntity> records;  // under its state root, by key: what the answer rests on
};

struct LogOfLogs {
  std::string number;                   // canonical
  std::string list;                     // a signed note that names the parent
  ProofFile parent;                     // its proof of the first ledger's record
  std::vector<RecordedLedger> ledgers;  // as the list has them

  // `list` must be a list, and `parent` as it is described.
  Result<std::string> serialize() const;
  static Result<LogOfLogs> parse(std::string_view bytes);  // form only
};

// Whether the parent's record lets the ledger be asked: it has recorded a checkpoint, and no second history. Else why.
std::optional<Message> whyNotAsked(const EntityRecord& listed);

// ProofRejected with the reason. `silent`, where given, has a message for each ledger that has not answered.
Result<CombinedAnswer> checkLogOfLogs(const LogOfLogs& proof, const LedgerList& list,
                                      const std::vector<Message>& silent = {});
Result<CombinedAnswer> verifyLogOfLogs(std::string_view bytes, const crypto::VerifyKey& authority);

}  // namespace pilotledger::proof
