// The bank's question: is this IP asset free? Answered from entity records alone, so that the one
// who asks the ledger and the one who holds a proof come to the answer by the same function.
// NONE means: no active pledge recorded in this ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/state/entity_record.h"

namespace pilotledger::proof {

enum class PledgeAnswer { Active, Released, None, Unknown };
std::string_view answerText(PledgeAnswer answer);  // "ACTIVE", ...

struct PledgeOfAsset {
  std::string pledge;
  std::string pledgee;      // party id
  std::string pledgeeName;  // as registered
  std::string state;        // active, released or enforced
  std::int64_t amountFen = 0;
  std::string currency;
  std::string debtTo;  // ISO, or empty
};

struct PledgeStatus {
  PledgeAnswer answer = PledgeAnswer::Unknown;
  std::string number;  // canonical, the asset's own number
  std::string state;   // in-force, ended, invalidated; frozen reference apart
  std::string frozen;
  std::string expires;  // ISO, or empty
  std::vector<std::string> owners;
  std::vector<PledgeOfAsset> pledges;
};

// The record of "kind:id", or that there is none.
using FindRecord = std::function<Result<std::optional<EntityRecord>>(const std::string& key)>;

// `number` in any of the accepted spellings; a grant number leads to its asset.
Result<PledgeStatus> pledgeStatus(const FindRecord& find, std::string_view number);

}  // namespace pilotledger::proof
