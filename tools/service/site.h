// Where a use case works: the ledger's directory, what lies beside it, the clock, and who is told what is no error.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "events/base/result.h"
#include "ledger/ledger.h"

namespace pilotledger::service {

struct Site {
  std::string ledgerDirectory;
  std::string vaultFile;  // empty: in the ledger's directory
  std::string viewsAt;    // file or postgres:// URL of the read model; empty: in the ledger's directory
  ledger::Clock clock;
  std::function<void(const Message&)> notice;  // may be empty

  void tell(const Message& message) const {
    if (notice) notice(message);
  }
};

std::filesystem::path vaultPath(const Site& site);
std::string viewsPlace(const Site& site);

}  // namespace pilotledger::service
