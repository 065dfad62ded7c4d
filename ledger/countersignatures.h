// What others signed about this ledger's checkpoints, kept beside them: cosignatures of witnesses and
// time stamps of authorities. They change no entry and no root; a ledger without them is whole.
//
// Rows of the family `countersign`, key u64 size and a name:
//   "cosignature NAME+ID"   the witness's vkey, newline, base64 of its blob (time and signature), newline
//   "timestamp HEX"         a token of RFC 3161 in DER over the stored checkpoint note; HEX: its hash
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/timestamp.h"
#include "ledger/ledger.h"
#include "ledger/tlog/cosignature.h"
#include "ledger/tlog/witness_policy.h"

namespace pilotledger::ledger {

struct Cosignature {
  std::uint64_t size = 0;  // of the checkpoint
  proof::CosignerKey witness;
  proof::NoteSignature signature;
  std::uint64_t seconds = 0;  // when the witness signed
};

struct StoredTimestamp {
  std::uint64_t size = 0;
  Bytes token;
  crypto::Timestamp stamp;  // as the token says; its signature is checked by who trusts an authority
};

// One row, checked against the checkpoint that it is about (the stored note of that size).
struct Countersigned {
  std::optional<Cosignature> cosignature;
  std::optional<StoredTimestamp> timestamp;
};
Result<Countersigned> checkCountersign(crypto::SuiteId suite, std::uint64_t size, std::string_view name,
                                       std::string_view value, std::string_view checkpoint);

// All that is kept, in the order of sizes. Corruption when a row is not what it says.
Result<std::vector<Countersigned>> countersigned(const Ledger& ledger);
// About one checkpoint.
Result<std::vector<Countersigned>> countersigned(const Ledger& ledger, std::uint64_t size);

// The checkpoint of that size with all cosignatures, in the order of the witnesses' names.
Result<std::string> cosignedCheckpoint(const Ledger& ledger, std::uint64_t size);
// A stored checkpoint with the cosignatures among the rows about it.
Result<std::string> withCosignatures(std::string_view checkpoint, const std::vector<Countersigned>& rows);
// The newest checkpoint whose cosignatures make the quorum, with them; NotFound when there is none.
Result<std::string> newestWitnessed(const Ledger& ledger, const proof::WitnessPolicy& policy);

// When the newest checkpoint that a witness cosigned was last cosigned, by the witnesses' clocks, in ms; absent without
// witnesses.
Result<std::optional<std::int64_t>> newestCosignedMs(const Ledger& ledger);

// A clock that has gone wrong must not date entries: times on a log never go back. Unavailable when `nowMs` lies more
// than kFarAheadMs after the newest cosignature; a log without witnesses has nothing to hold the clock to.
Status requireWitnessedTime(const Ledger& ledger, std::int64_t nowMs);

// Keeps a cosignature after verifying it against the stored checkpoint.
Status keepCosignature(Ledger& ledger, std::uint64_t size, const proof::CosignerKey& witness,
                       const proof::NoteSignature& signature);
Status keepTimestamp(Ledger& ledger, std::uint64_t size, const Bytes& token);

// The request to a witness that saw `seen` entries last: the checkpoint of `size` entries and the proof from there.
// NotFound when that is fewer than it saw, or no commit ends there.
Result<std::string> witnessRequest(const Ledger& ledger, std::uint64_t seen, std::uint64_t size);

// Somebody shows a checkpoint that this log signed. When the entries here lead to it: true. When not:
// the ledger is halted (Ledger::halt), and the error says so. Not signed by this log: ProofRejected.
Result<bool> compareCheckpoint(Ledger& ledger, std::string_view note);

}  // namespace pilotledger::ledger
