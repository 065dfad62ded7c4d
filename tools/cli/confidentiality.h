// What the commands share about what not everybody may see; the use cases are tools/service's.
#pragma once

#include <string>
#include <vector>

#include "tools/cli/command.h"
#include "tools/cli/recorder.h"
#include "tools/service/confidentiality.h"

namespace pilotledger::cli {

using service::Sealing;

// --reader, the same on every command that has it.
void declareReader(CLI::App& app, const Context& context, std::string& reader);

// Seals the events of a file; an error names the line. Without `keeps` the vault learns nothing.
enum class Keeping { Vault, Nothing };
Status sealAll(Sealing& sealing, std::vector<EventLine>& events, Keeping keeping = Keeping::Vault);

}  // namespace pilotledger::cli
