#include "tools/cluster/assembly.h"

#include <system_error>

#include "tools/cluster/etcd_register.h"

namespace pilotledger::cluster {

namespace {

// The register with the client that it asks.
struct Etcd {
  EtcdClient client;
  EtcdRegister order;
  Etcd(EtcdClient made, const std::string& origin) : client(std::move(made)), order(client, origin) {}
};

}  // namespace

Result<std::shared_ptr<ledger::OrderRegister>> openRegister(const Settings& settings, const std::string& origin) {
  PL_TRY(EtcdClient client, EtcdClient::of({settings.etcd, {settings.authority, settings.certificate, settings.key}}));
  auto etcd = std::make_shared<Etcd>(std::move(client), origin);
  return std::shared_ptr<ledger::OrderRegister>(etcd, &etcd->order);
}

Result<std::optional<Assembly>> assemble(const std::filesystem::path& directory, Hooks hooks) {
  std::error_code failure;
  if (!std::filesystem::exists(settingsFile(directory), failure) && !failure) return std::optional<Assembly>();
  PL_TRY(Settings settings, readSettings(directory));
  PL_TRY(crypto::SigningKey key, crypto::SigningKey::load(nodeKeyFile(directory), ""));
  PL_TRY(auto ledger, ledger::Ledger::open(directory, ledger::OpenMode::ReadOnly));
  PL_TRY(auto order, openRegister(settings, ledger->origin()));
  NodeOptions options;
  options.origin = ledger->origin();
  options.name = settings.name;
  options.authorities = settings.authority;
  options.wait = std::chrono::seconds(settings.waitSeconds);
  options.clock = hooks.clock ? std::move(hooks.clock) : ledger::systemClock();
  options.log = std::move(hooks.log);
  options.grown = std::move(hooks.grown);
  Assembly assembly;
  assembly.node = std::make_shared<Node>(std::move(options), std::move(key), std::move(order));
  assembly.peers = {settings.listen, settings.certificate, settings.key};
  return std::optional(std::move(assembly));
}

}  // namespace pilotledger::cluster
