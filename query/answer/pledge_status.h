// The bank's question, asked of the newest records (without SQL, in well under a millisecond) or of
// the facts visible at a past position.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/proof/pledge_status.h"
#include "query/model/read_model.h"

namespace pilotledger::query {

using proof::answerText;
using proof::PledgeAnswer;
using proof::PledgeOfAsset;

// With what the bare answer leaves out and a lender must know.
struct PledgeStatus : proof::PledgeStatus {
  std::vector<std::uint64_t> entries;        // everything recorded about the asset
  std::vector<PledgeOfAsset> others;         // contracts signed and not registered (agreed); registrations revoked
  std::map<std::string, std::string> names;  // of the owners, by their codes
};

// `number` in recorded spelling (events/entity_name.h); a grant number leads to its asset.
Result<PledgeStatus> pledgeStatus(const ledger::Ledger& ledger, std::string_view number);

// The same from the facts visible at a past position, or of what was legally so on a day (AsOf::onlyUntil): the legal
// state and preservation too. The term that follows from the kind of right is not among the facts.
Result<PledgeStatus> pledgeStatusAt(ReadModel& model, const AsOf& at, const std::string& number);

}  // namespace pilotledger::query
