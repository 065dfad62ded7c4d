// The bank's question, asked of the newest records (without SQL, in well under a millisecond) or of
// the facts visible at a past position.
#pragma once

#include <cstdint>
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

struct PledgeStatus : proof::PledgeStatus {
  std::vector<std::uint64_t> entries;  // everything recorded about the asset
};

// `number` in any of the accepted spellings; a grant number leads to its asset.
Result<PledgeStatus> pledgeStatus(const ledger::Ledger& ledger, std::string_view number);

// The same from the facts visible at a past position; without the legal state.
Result<PledgeStatus> pledgeStatusAt(ReadModel& model, const AsOf& at, const std::string& number);

}  // namespace pilotledger::query
