// cluster.toml in the directory of a ledger: which node this is, and where the order is kept.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::cluster {

struct Settings {
  std::string name;               // of this node
  std::string listen;             // HOST:PORT, where the other nodes reach it
  std::vector<std::string> etcd;  // https://HOST:PORT of each member
  // PEM files, relative to the directory: whom the certificates of etcd and of the nodes lead to, and this node's own.
  std::string authority;
  std::string certificate;
  std::string key;
  int waitSeconds = 10;  // for more than half of the nodes
};

std::filesystem::path settingsFile(const std::filesystem::path& ledger);  // cluster.toml
std::filesystem::path nodeKeyFile(const std::filesystem::path& ledger);   // node.pem; never in a backup

// InvalidInput names the file, the line and what can stand there; NotFound where there is none.
Result<Settings> readSettings(const std::filesystem::path& ledger);
// As it is read; whole or not at all.
Status writeSettings(const std::filesystem::path& ledger, const Settings& settings);

}  // namespace pilotledger::cluster
