// The bank's question: is this IP asset free? Answered from the entity records alone, without SQL,
// in well under a millisecond. NONE means: no active pledge recorded in this ledger.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/ledger.h"
#include "query/read_model.h"

namespace pilotledger::query {

enum class PledgeAnswer { Active, Released, None, Unknown };
std::string_view answerText(PledgeAnswer answer);  // "ACTIVE", ...

struct PledgeOfAsset {
  std::string pledge;
  std::string pledgee;      // party id
  std::string pledgeeName;  // as registered
  std::string state;        // active or released
  std::int64_t amountFen = 0;
  std::string currency;
  std::string debtTo;       // ISO, or empty
};

struct PledgeStatus {
  PledgeAnswer answer = PledgeAnswer::Unknown;
  std::string number;      // canonical, the asset's own number
  std::string state;       // in-force, ended, invalidated; frozen reference apart
  std::string frozen;
  std::string expires;     // ISO, or empty
  std::vector<std::string> owners;
  std::vector<PledgeOfAsset> pledges;
  std::vector<std::uint64_t> entries;  // everything recorded about the asset
};

// `number` in any of the accepted spellings; a grant number leads to its asset.
Result<PledgeStatus> pledgeStatus(const ledger::Ledger& ledger, std::string_view number);

// The same from the facts visible at a past position; without the legal state.
Result<PledgeStatus> pledgeStatusAt(ReadModel& model, const AsOf& at, const std::string& number);

}  // namespace pilotledger::query
