// How a server is run: from serve.toml, then from the command line, which wins.
#pragma once

#include <string>
#include <vector>

#include "events/base/result.h"
#include "tools/http/server.h"

namespace pilotledger::server {

struct ServeConfig {
  std::vector<std::string> listen;  // HOST:PORT
  std::string unixSocket;
  std::vector<std::string> hosts;  // names that a Host field may say
  std::string certificate;         // PEM files, both or none
  std::string key;
  std::string url;              // as clients know it, when a proxy stands between
  std::string name;             // of this server, in the ledger's word on its access log; empty: the ledger's
  int challengesPerMinute = 0;  // of one address; 0: ten. Behind a proxy all clients have one
  int evidenceMiB = 0;          // of evidence files in all; 0: 10,240
  int pendingDays = 0;          // that a submission waits for signatures; 0: 30
  bool sql = false;             // answers statements of auditors
};

// InvalidInput names the file and the line, and what can stand there.
Result<ServeConfig> readConfig(const std::string& text, const std::string& file);
// What stands in `over` in the place of what is in `under`.
ServeConfig merged(ServeConfig under, const ServeConfig& over);
// InvalidInput for what contradicts itself; listens on 127.0.0.1:8080 when nothing is named.
Result<http::Options> httpOptions(const ServeConfig& config);

}  // namespace pilotledger::server
