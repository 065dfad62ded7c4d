#include "tools/service/site.h"

namespace pilotledger::service {

namespace fs = std::filesystem;

fs::path vaultPath(const Site& site) {
  return site.vaultFile.empty() ? fs::path(site.ledgerDirectory) / "vault.sqlite" : fs::path(site.vaultFile);
}

std::string viewsPlace(const Site& site) {
  return site.viewsAt.empty() ? (fs::path(site.ledgerDirectory) / "views.sqlite").string() : site.viewsAt;
}

}  // namespace pilotledger::service
