// What a proof shows, in words and as JSON; shared by the offline verifier and the command line.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "ledger/proof/fork_evidence.h"
#include "ledger/proof/verify.h"

namespace pilotledger::verifier {

std::string verifiedProofText(const proof::VerifiedProof& claim, Language speech);
nlohmann::ordered_json claimJson(const proof::VerifiedProof& claim);

// The bank's answer and what is recorded of the asset; lines end with newlines.
std::string pledgeText(const proof::PledgeStatus& status, Language speech);
nlohmann::ordered_json pledgeJson(const proof::PledgeStatus& status);

// That a log signed two histories. `trusted`: the reader named its key; else it must compare.
std::string forkText(const crypto::VerifyKey& logKey, const proof::Fork& fork, bool trusted, Language speech);
nlohmann::ordered_json forkJson(const crypto::VerifyKey& logKey, const proof::Fork& fork);

// The limit of every proof, one line.
std::string_view whatAProofShows(Language speech);

// Text of a ledger that one does not trust, safe for a terminal: lines with control characters or
// bytes that are no text come out with \xNN.
std::string printable(std::string_view text);

}  // namespace pilotledger::verifier
