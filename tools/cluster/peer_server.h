// Where the other nodes reach this one: an address of its own, so that slow readers of the service hold up no receipt.
//   POST /cluster/lines   what another node signed (message.h)
//   GET  /cluster         the state of this node, as JSON
#pragma once

#include <memory>
#include <string>

#include "tools/cluster/node.h"
#include "tools/http/server.h"

namespace pilotledger::cluster {

struct PeerServerOptions {
  std::string listen;       // HOST:PORT
  std::string certificate;  // PEM files, both or, on loopback, none
  std::string key;
};

// Answers until the object goes. The node must outlive it.
Result<std::unique_ptr<http::Server>> servePeers(const PeerServerOptions& options, Node& node);

// {"name":…,"state":…,"size":…,"confirmed":…,"needed":…,"nodes":[…]}
std::string statusJson(const NodeStatus& status);

}  // namespace pilotledger::cluster
