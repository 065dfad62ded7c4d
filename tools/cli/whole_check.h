// What a ledger must pass before it is written to in the place of another: put back from a backup, or taken over.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/cli/command.h"

namespace pilotledger::cli {

struct InPlaceOf {
  Text what;  // "backup"
  Text done;  // "restored"
};

// What others have seen of this log (signed checkpoints, in files) is in what is there: else signing on would fork it.
Status requireSeenEntries(const std::filesystem::path& directory, const std::vector<std::string>& files,
                          const InPlaceOf& as);
// Every byte, by a full check.
Status checkWhole(const Context& context, const std::filesystem::path& directory, const InPlaceOf& as);

}  // namespace pilotledger::cli
