// The bank's question about one right, answered from the newest records, from a past position, or by a proof.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/prover.h"
#include "query/answer/pledge_status.h"
#include "query/answer/query.h"
#include "tools/service/site.h"

namespace pilotledger::service {

struct PledgeAnswerAt {
  std::string asked;             // as it was typed
  std::optional<Error> refused;  // why there is no answer; then nothing below holds
  query::PledgeStatus status;
  std::vector<std::pair<Message, Message>>
      terms;                      // label and value, of the contracts and loans that the reader may see
  std::vector<Message> withheld;  // what the reader may not see of it
  query::AsOf at;                 // position and root it rests on; `on` when a day was asked for
  std::int64_t newestMs = 0;      // when the last entry it rests on was recorded
  std::int64_t ledgerMs = 0;      // when the ledger's last entry was
  std::int64_t nowMs = 0;         // when it was asked
  std::string proof;              // the file that shows it, where one was made
};

// A ledger that has not moved for longer is said to be old.
inline constexpr int kQuietDays = 30;
// Whole days between the ledger's newest entry and the question: a copy that is old misses what came since, whatever
// day is asked for.
int quietDays(const PledgeAnswerAt& answer);

// What whoever acts on the answer must know beside it: a ledger that has not moved, a day that has not come, a right
// whose term is over.
std::vector<Message> warningsOf(const PledgeAnswerAt& answer);

// Everything an answer is taken from; outlives the questions.
struct PledgeSources {
  const ledger::Ledger* ledger = nullptr;
  query::ReaderScope scope;
  query::ReadModel* model = nullptr;  // of a question about the past; unrestricted: amounts are withheld here
  ledger::Prover* prover = nullptr;   // when a proof is wanted
  query::AsOf at;
};

// Bad input is an answer of its own, `refused`; damage and lack of means are errors.
Result<PledgeAnswerAt> answerPledge(const Site& site, const PledgeSources& sources, const std::string& asked);

nlohmann::ordered_json pledgeAnswerJson(const PledgeAnswerAt& answer);

}  // namespace pilotledger::service
