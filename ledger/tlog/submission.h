// A submission: events signed together. The note's text is five lines
//
//   pilotledger/submission/v2
//   <origin of the ledger it is meant for>
//   <vkey of the key that founded that ledger>
//   <number of events>
//   <base64 RFC 6962 root over the event bytes>
//
// Version 1 has no third line: it is good for every ledger of that name, so it is read for ever, and taken only where
// the first edition of the rules holds.
// so one signature covers a batch, is worthless on another ledger, and each event can still be
// shown alone. A submission file, which travels between signers, is
//
//   pilotledger/submission-file/v1
//   <decimal length of the note in bytes>
//   <the note>
//   <one line of base64 for each event>
#pragma once

#include <span>
#include <string>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/note.h"

namespace pilotledger::proof {

inline constexpr std::size_t kMaxSubmissionEvents = 10'000;
inline constexpr std::size_t kMaxSubmissionFileBytes = 256u << 20;

// Whom a submission is meant for.
struct LedgerName {
  std::string origin;
  std::string foundingKey;  // vkey; empty: any ledger of that name (version 1)
};

struct SubmissionBody {
  LedgerName ledger;
  std::uint64_t count = 0;
  Digest root{};

  std::string text() const;
  static Result<SubmissionBody> parse(std::string_view text);
};

struct Submission {
  std::string note;
  std::vector<Bytes> events;
  // Leaf hashes of events that are left out, because the log held them before; each stands for an event of no bytes, in
  // order. Only in what is read back from a log (ledger/commit/batch.h); never in a file.
  std::vector<Digest> recorded = {};

  std::vector<Digest> leaves(SuiteId suite) const;  // of all its events
  std::string serialize() const;
  static Result<Submission> parse(std::string_view file);
};

Result<Submission> makeSubmission(SuiteId suite, const LedgerName& ledger, std::vector<Bytes> events,
                                  std::span<const crypto::SigningKey* const> keys);
// One more signer; Conflict when that key has signed already.
Status addSignature(Submission& submission, const crypto::SigningKey& key);

// Parses the note and compares ledger, count and root; signatures are checked by who knows keys. A submission of
// version 1 is compared by origin.
Result<Note> checkSubmission(SuiteId suite, const Submission& submission, const LedgerName& ledger);
// What a signer sees before he adds his signature: that it is his ledger's in every respect; for one who does not take
// version 1 any more, see requireNamedLog() of the rules.
Status requireMeantFor(const SubmissionBody& body, const LedgerName& ledger);

}  // namespace pilotledger::proof
