// The answer to the bank's question, as people get it: text, table, certificate.
#pragma once

#include <string>
#include <vector>

#include "query/answer/query.h"
#include "tools/cli/command.h"
#include "tools/service/pledge.h"

namespace pilotledger::cli {

using service::PledgeAnswerAt;

std::string pledgeAnswerText(const Context& context, const PledgeAnswerAt& answer);
query::Table pledgeAnswerTable(const std::vector<PledgeAnswerAt>& answers, const Context& context);
// One page a right, to print: the answer in words, a code to scan, how to check it.
Result<std::string> pledgeCertificate(const Context& context, const std::vector<PledgeAnswerAt>& answers,
                                      const std::string& origin);

}  // namespace pilotledger::cli
