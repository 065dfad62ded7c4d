// Items of a server's inbox (tools/service/inbox_json.h) in words.
#pragma once

#include <string>

#include "tools/cli/event_card.h"
#include "tools/remote/remote_log.h"

namespace pilotledger::cli {

// In a list: what, from whom, what is to be done, who has signed, who must still, until when.
std::string pendingLines(const Context& context, const remote::Json& item);
// Above and below the events of one item.
std::string pendingHead(const Context& context, const remote::Json& item);
std::string pendingSigners(const Context& context, const remote::Json& item);

}  // namespace pilotledger::cli
