// What the commands that sign share: keys, what is asked before a signature, and submissions in words.
#pragma once

#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "ledger/tlog/submission.h"
#include "tools/cli/command.h"

namespace pilotledger::cli {

enum class Asking { OnTerminal, Never };

struct SigningOptions {
  std::vector<std::string> keys;
  int passphraseFd = -1;
  bool yes = false;  // nothing is asked
  void declare(CLI::App& app, const Context& context);
  Asking asking() const { return yes ? Asking::Never : Asking::OnTerminal; }
};

// Shows on standard error what is about to be signed and, where somebody sits at the terminal, asks; InvalidInput when
// the answer is not yes. In scripts nothing is asked.
Status showAndAsk(const Context& context, const std::string& card, Asking asking);

// What the submission would record, in words; who has signed, who must, and what the ledger says of it now. Its own
// ledger's submissions only.
Result<std::string> submissionCard(const Context& context, const proof::Submission& submission);
// The same for programs: events, signatures, verdict.
Result<std::string> submissionJson(const Context& context, const proof::Submission& submission);

// A file that begins as a submission does.
bool isSubmission(std::string_view text);

}  // namespace pilotledger::cli
