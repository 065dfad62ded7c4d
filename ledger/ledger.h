// The ledger: an append-only log of signed events, its proofs, and the state they lead to.
//
// Invariants (each has an assertion or a check named after it in the code, and a test):
//   I1  An entry, once acknowledged, is on stable storage and never changes.
//   I2  Event bytes are stored exactly as signed; nothing is re-encoded.
//   I3  An event id names one event for ever; the same id with other bytes is a Conflict.
//   I4  Every commit ends with a signed checkpoint whose size and root cover all its entries.
//   I5  The state root in the last entry of a commit is the root over all entity records after it.
//   I6  A refused submission changes nothing and leaves no entry.
//   I7  After damage or a failed sync the ledger takes no more writes (it is Poisoned).
//
// States: Ready, and Poisoned after a failed write or signature: for the life of the object.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/codec.h"
#include "ledger/commit/append.h"
#include "ledger/crypto/key.h"
#include "ledger/crypto/register_key.h"
#include "ledger/crypto/suite.h"
#include "ledger/log/log_keys.h"
#include "ledger/log/log_record.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/rules.h"
#include "ledger/state/entity_record.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/entry.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/submission.h"
#include "ledger/tlog/tile_path.h"

namespace pilotledger::ledger {

enum class OpenMode {
  Write,     // one process at a time; another one gets Unavailable, which names the holder
  ReadOnly,  // works beside a writer; sees the ledger as it was when opened
  Rehearse,  // as ReadOnly, and append() answers as if: nothing is signed or written, no key is needed
};

struct InitOptions {
  std::string origin;  // schema-less URL prefix or name; also the log key's name
  crypto::SuiteId suite = crypto::SuiteId::Ed25519Sha256;
  std::string operatorParty;  // party id of the operator; registered by the first entry
  std::string operatorName;
  Clock clock;                                     // systemClock() when empty
  std::optional<crypto::SigningKey> logKey;        // named as the origin, of the suite; made when absent
  std::string logKeyPassphrase;                    // encrypts log.pem, or opens the token whose URI gives no PIN
  int edition = kNewestEdition;                    // of the rules the ledger begins with
  std::optional<crypto::RegisterKey> registerKey;  // saved as register.key; the founding entries commit to it
  std::string operatorKeyPassphrase{};             // encrypts operator.pem
};

// A commit as another machine makes it again: the batch that was ordered (commit/batch.h) and the note that was signed.
struct SignedCommit {
  std::uint64_t size = 0;  // of the log with it
  std::string note;
  std::string batch;
};

class Replication;  // ledger/order/replication.h

class Ledger {
 public:
  // Makes an empty ledger in `directory` (made if absent, must be empty): the store, the log key
  // (log.pem, 0600), the operator key (operator.pem, 0600) and two entries, signed by the log key:
  // the operator party and its key with role OPR. Afterwards the log key signs only checkpoints.
  static Status init(const std::filesystem::path& directory, const InitOptions& options);

  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& directory, OpenMode mode, Clock clock = {},
                                              std::string_view logKeyPassphrase = {},
                                              std::shared_ptr<Replication> replication = nullptr);
  ~Ledger();
  // From here on the ledger in that directory is one of several nodes, whose order begins at its newest checkpoint:
  // returns "NUMBER CHAIN" of that beginning. It is written with a Replication only.
  static Result<std::string> beginOrder(const std::filesystem::path& directory, std::string_view logKeyPassphrase = {});
  // Where the log of a node stands in the order; "" for a ledger on one machine.
  Result<std::string> ordered() const;
  // The file of the log key in a ledger's directory; a writer needs it. Where a file of the next log key is there
  // too when a writer opens the ledger, an event LogKeyRotated that names it is taken, and from its commit on
  // that key signs and is the log key; the old one's file is then named retiredLogKeyFile().
  static std::filesystem::path logKeyFile(const std::filesystem::path& directory);
  static std::filesystem::path nextLogKeyFile(const std::filesystem::path& directory);
  static std::filesystem::path retiredLogKeyFile(const std::filesystem::path& directory, const crypto::VerifyKey& key);

  // --- writing; thread-safe; blocks until durable. Concurrent callers share commits.
  // All events of the submission are recorded, or none. Events already recorded with the same
  // bytes keep their entry. Errors: InvalidInput, BadSignature, NotAuthorized, Refused, Conflict,
  // each with the position of the offending event; Corruption and Unavailable when Poisoned.
  // Of several nodes: durable on more than half of them, and the checkpoint carries their signatures.
  Result<AppendResult> append(const proof::Submission& submission);
  // Of several nodes: takes what others have ordered; and waits until more than half of them hold so many entries, and
  // gives the checkpoint that they signed, of that size or of a larger one. On one machine nothing is waited for, and
  // it is "".
  Status follow();
  Result<std::string> confirmed(std::uint64_t size, std::chrono::milliseconds most) const;
  // Whether append() would take it, and whose signatures it lacks if not. Records and signs nothing. Errors: those of
  // append() that no further signature would mend.
  Result<Consideration> consider(const proof::Submission& submission);

  // Keeps what others signed about the checkpoint of that size (countersignatures.h gives rows their meaning).
  Status keepCountersign(std::uint64_t size, std::string_view name, std::string_view value);
  // This log signed `note`, and the entries here do not lead to it: from here on, and when opened again,
  // append() refuses with Corruption, because signing would fork the log. Always returns that error.
  Status freeze(std::string_view note);

  // --- reading; thread-safe
  const std::string& origin() const;
  proof::LedgerName name() const;  // as submissions to it name it
  crypto::SuiteId suite() const;
  LogKeys logKeys() const;           // all that have signed, with their terms
  crypto::VerifyKey logKey() const;  // the one in force
  const std::filesystem::path& directory() const;
  std::uint64_t size() const;      // number of durable entries
  std::string checkpoint() const;  // the newest signed note
  Digest root() const;
  Result<proof::Entry> entry(std::uint64_t index) const;
  Result<events::Event> event(std::uint64_t index) const;
  Result<std::optional<std::uint64_t>> findEvent(const EventId& id) const;
  Result<std::string> submissionNote(const Digest& submissionDigest) const;
  // The record of "kind:id", as of the newest commit; absent when no entry names it.
  Result<std::optional<EntityRecord>> entity(std::string_view key) const;
  // The key "name+keyid" as the log binds it now, with its party and roles; NotAuthorized, with the reason, for one
  // that could sign nothing on that day: unknown, revoked, expired, compromised, or of a suspended party.
  Result<Signer> signer(std::string_view keyName, std::int32_t day) const;
  Result<int> edition() const;  // of the rules, for the next entry
  // Indexes of all entries that name the entity, ascending; their number is in its trail.
  Result<std::vector<std::uint64_t>> entriesOf(std::string_view key) const;
  // Calls `visit` for entries [from, to) in order; stops at the first error.
  Status scan(std::uint64_t from, std::uint64_t to, const std::function<Status(const LogRecord&)>& visit) const;
  // Root of the tree over the first `size` entries.
  Result<Digest> rootAt(std::uint64_t size) const;
  // The signed note of the commit that ends there, without cosignatures; NotFound when none ends there.
  Result<std::string> checkpointOf(std::uint64_t size) const;
  // Calls `visit` for the commits behind that size, in order, until it says no; NotFound when none ends there.
  Status eachCommit(std::uint64_t from, const std::function<bool(const SignedCommit&)>& visit) const;
  // Rows of keepCountersign() from that size on, in order; stops at the first error.
  Status eachCountersign(
      std::uint64_t from,
      const std::function<Status(std::uint64_t size, std::string_view name, std::string_view value)>& visit) const;
  // The tree as it is now, for proofs; lives as long as the ledger.
  Result<proof::NodeReader> nodes() const;
  // One tile or entry bundle of C2SP tlog-tiles, as its path names it; NotFound beyond size(). A narrower one than
  // there is stays there: whoever holds an older checkpoint asks for it.
  Result<std::string> tile(const proof::TileName& name) const;
  // The log as C2SP tlog-tiles at size(): calls `visit` with the path and the bytes of every tile
  // and entry bundle that is not among the full ones of a tree of `have` entries. No path twice.
  Status eachTile(std::uint64_t have,
                  const std::function<Status(const std::string& path, std::string_view bytes)>& visit) const;

 private:
  class Impl;
  explicit Ledger(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace pilotledger::ledger
