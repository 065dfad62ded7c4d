// The bank's question answered about one right, and the forms in which the answer leaves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "query/answer/pledge_status.h"
#include "query/answer/query.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

struct PledgeAnswerAt {
  std::string asked;             // as it was typed
  std::optional<Error> refused;  // why there is no answer; then nothing below holds
  query::PledgeStatus status;
  std::vector<std::pair<Message, Message>>
      terms;                  // label and value, of the contracts and loans that the reader may see
  std::vector<Message> withheld;  // what the reader may not see of it
  query::AsOf at;             // position and root it rests on; `on` when a day was asked for
  std::int64_t newestMs = 0;  // when the last entry it rests on was recorded
  std::int64_t ledgerMs = 0;  // when the ledger's last entry was
  std::int64_t nowMs = 0;     // when it was asked
  std::string proof;          // the file that shows it, where one was made
};

// A ledger that has not moved for longer is said to be old.
inline constexpr int kQuietDays = 30;
// Whole days between the ledger's newest entry and the question: a copy that is old misses what came since, whatever
// day is asked for.
int quietDays(const PledgeAnswerAt& answer);

std::string pledgeAnswerText(const Context& context, const PledgeAnswerAt& answer);
std::string pledgeAnswerJson(const PledgeAnswerAt& answer);  // one object, one line
query::Table pledgeAnswerTable(const std::vector<PledgeAnswerAt>& answers, const Context& context);
// One page a right, to print: the answer in words, a code to scan, how to check it.
Result<std::string> pledgeCertificate(const Context& context, const std::vector<PledgeAnswerAt>& answers,
                                      const std::string& origin);

}  // namespace pilotledger::cli
