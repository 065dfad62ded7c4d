// What a proof shows, in words and as JSON; shared by the offline verifier and the command line.
#pragma once

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

#include "ledger/proof/fork_evidence.h"
#include "ledger/proof/verify.h"

namespace pilotledger::verifier {

std::string verifiedProofText(const proof::VerifiedProof& claim, Language speech);
nlohmann::ordered_json claimJson(const proof::VerifiedProof& claim);

// What stands beside the bare answer.
struct PledgeDetails {
  std::map<std::string, std::string> names;  // of owners, by their codes, where they are known
  std::vector<proof::PledgeOfAsset> others;  // contracts that are signed and not registered, registrations revoked
};
// Of a proof: what its records tell. A contract that is not registered is known by its id only.
PledgeDetails detailsOf(const proof::VerifiedProof& claim);

// The answer in a word: FROZEN for a right under preservation; ENFORCED, not RELEASED, where a pledgee was paid from
// it.
std::string_view pledgeHeadline(const proof::PledgeStatus& status);
// The bank's answer and what is recorded of the asset; lines end with newlines. A right under preservation says so
// first: FROZEN, then the answer about pledges.
std::string pledgeText(const proof::PledgeStatus& status, const PledgeDetails& details, Language speech);
// `answer` is the headline; `pledgeAnswer` is what the proof shows of pledges alone.
nlohmann::ordered_json pledgeJson(const proof::PledgeStatus& status, const PledgeDetails& details);
// The answer in one sentence, for paper: what it means, without codes.
std::string pledgeSentence(const proof::PledgeStatus& status, Language speech);
std::string pledgeLine(const proof::PledgeOfAsset& pledge, Language speech);  // terms of one pledge

// That a log signed two histories. `trusted`: the reader named its key; else it must compare.
std::string forkText(const crypto::VerifyKey& logKey, const proof::Fork& fork, bool trusted, Language speech);
nlohmann::ordered_json forkJson(const crypto::VerifyKey& logKey, const proof::Fork& fork);

// The limit of every proof, one line.
std::string_view whatAProofShows(Language speech);

// Text of a ledger that one does not trust, safe for a terminal: lines with control characters or
// bytes that are no text come out with \xNN.
std::string printable(std::string_view text);

}  // namespace pilotledger::verifier
