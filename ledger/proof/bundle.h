// The bank's question asked of several ledgers at once, and all that is needed to check the answer with nothing but the
// key of the authority that signed the list of them: "pledged on none of the N ledgers of this list". The list says who
// must answer and by which key; each ledger's proof says what it answers. README.md has the bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/proof/ledger_list.h"
#include "ledger/proof/verify.h"

namespace pilotledger::proof {

inline constexpr std::string_view kBundleMagic = "pilotledger/bundle/v1";

struct Bundle {
  std::string number;               // canonical
  std::string list;                 // a signed note
  std::vector<std::string> proofs;  // a proof file a ledger, as the list has them

  std::string serialize() const;
  static Result<Bundle> parse(std::string_view text);  // form only
};

struct LedgerAnswer {
  std::string origin;
  std::string name;
  std::optional<VerifiedProof> claim;  // none: it has not answered, or must not be believed
  Message silent;                      // why
};

struct CombinedAnswer {
  std::string number;
  std::string listedBy;               // the authority's key, "name+keyid"
  std::vector<LedgerAnswer> ledgers;  // as the list has them
  // The parent's, where it fixes the instant: what each answers, it answers at the checkpoint that the parent recorded.
  std::optional<Checkpoint> parent{};
  std::int64_t parentMs = 0;
};

enum class Standing {
  Encumbered,  // in pledge or frozen on one at least
  None,        // recorded on one at least, pledged on none
  Unrecorded,  // recorded on none
  Unsaid,      // no pledge is known, and not all have answered
};
std::string_view standingText(Standing standing);  // "ENCUMBERED", ...
Standing standingOf(const CombinedAnswer& answer);

// One ledger's answer: its proof holds by the listed key and is about this number. OtherName where the ledger records
// the right under another number, which the error's `found` gives: all must be asked for that.
Result<VerifiedProof> checkAnswer(const ListedLedger& listed, std::string_view number, std::string_view proofFile);

// ProofRejected with the reason. Every ledger of the list has answered, and none else.
Result<CombinedAnswer> verifyBundle(std::string_view text, const crypto::VerifyKey& authority);

}  // namespace pilotledger::proof
