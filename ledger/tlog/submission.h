// A submission: events signed together. The note's text is four lines
//
//   pilotledger/submission/v1
//   <origin of the ledger it is meant for>
//   <number of events>
//   <base64 RFC 6962 root over the event bytes>
//
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

struct SubmissionBody {
  std::string origin;
  std::uint64_t count = 0;
  Digest root{};

  std::string text() const;
  static Result<SubmissionBody> parse(std::string_view text);
};

struct Submission {
  std::string note;
  std::vector<Bytes> events;

  std::string serialize() const;
  static Result<Submission> parse(std::string_view file);
};

Result<Submission> makeSubmission(SuiteId suite, std::string_view origin, std::vector<Bytes> events,
                                  std::span<const crypto::SigningKey* const> keys);
// One more signer; Conflict when that key has signed already.
Status addSignature(Submission& submission, const crypto::SigningKey& key);

// Parses the note and compares origin, count and root; signatures are checked by who knows keys.
Result<Note> checkSubmission(SuiteId suite, const Submission& submission, std::string_view origin);

}  // namespace pilotledger::proof
