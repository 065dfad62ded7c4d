// Where a machine or a ledger says that it serves: others will send requests there, so it is no wish of theirs.
#pragma once

#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::ledger::rules {

// R-URL unless it is https://HOST[:PORT][/PATH], or http:// at a loopback address (a proxy or a tunnel on the machine).
Status requireServiceUrl(std::string_view url, const std::string& entity);

}  // namespace pilotledger::ledger::rules
