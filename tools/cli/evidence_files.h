// Files that an auditor presents beside the ledger: paths, folders, or a manifest of hashes.
#pragma once

#include <string>
#include <vector>

#include "query/answer/findings.h"

namespace pilotledger::cli {

// A folder stands for every file below it, in the order of their paths. `manifests` have the lines
// of sha256sum: HASH, blanks, PATH; the files themselves need not be here.
Result<std::vector<query::PresentedFile>> presentedFiles(const std::vector<std::string>& paths,
                                                         const std::vector<std::string>& manifests);

}  // namespace pilotledger::cli
