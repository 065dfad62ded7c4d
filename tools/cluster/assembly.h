// A node as its directory says: the settings, its key, the client of the order's store.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "tools/cluster/node.h"
#include "tools/cluster/peer_server.h"
#include "tools/cluster/settings.h"

namespace pilotledger::cluster {

struct Assembly {
  std::shared_ptr<Node> node;
  PeerServerOptions peers;
};

// What only a running node knows.
struct Hooks {
  ledger::Clock clock;
  std::function<void(std::string_view event, std::string_view what)> log{};
  std::function<void()> grown{};
};

// Nothing for a ledger on one machine, which has no cluster.toml.
Result<std::optional<Assembly>> assemble(const std::filesystem::path& ledger, Hooks hooks);

// The order's store, as the settings say; of the ledger of that origin.
Result<std::shared_ptr<ledger::OrderRegister>> openRegister(const Settings& settings, const std::string& origin);

}  // namespace pilotledger::cluster
