// The signatures that a submission still lacks: who would have to sign so that its events may be recorded. Told before
// anything is recorded, so it is a forecast: the rules decide again when the last signature is there.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ledger/rules/applier.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger {

// One signature: by a key with that role, of one of these parties, that is competent in all places.
struct LackingTerm {
  std::string role;                  // enum code, or "ANY"
  std::vector<std::string> parties;  // of one of them; empty: of any that has the role
  std::vector<std::string> places;   // GB/T 2260; of an authority's key
  std::vector<std::string> levels;   // of an authority's key, one of them; empty: any

  bool operator==(const LackingTerm&) const = default;
};
using LackingTerms = std::vector<LackingTerm>;  // all of them

// Of one event: what would complete it, in one of several ways.
struct LackingSignatures {
  std::size_t event = 0;  // position in its submission
  std::vector<LackingTerms> ways;

  bool operator==(const LackingSignatures&) const = default;
};

// That signer's signature is one of those that are lacking.
bool fits(const LackingTerm& term, const Signer& signer);

// What a submission would do if those who still have to sign it did: each event of it is applied with signers that are
// presumed where signatures are lacking. Errors are those of applyEvent() that no signature would mend.
class Presumption {
 public:
  Result<std::vector<std::string>> apply(const LogContext& log, EntityOverlay& world, const events::Event& event,
                                         const Digest& eventDigest, std::span<const Signer> signers,
                                         const EntryContext& at, std::size_t position);
  const std::vector<LackingSignatures>& lacking() const { return lacking_; }

 private:
  std::vector<LackingSignatures> lacking_;
};

}  // namespace pilotledger::ledger
