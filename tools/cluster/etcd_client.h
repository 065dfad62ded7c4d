// An etcd of several members, spoken to with two calls: one transaction, one range (README.md says why no others).
// Guarantees: over mutual TLS only. A call that is not answered within the deadline goes to the next member; one that
// compares does so only where nothing of it was sent, because a second one would not tell whether the first was done.
// Errors: InvalidInput for endpoints or files that are no good, and for a request that etcd finds too large, whichever
// member is asked; Unavailable, with the member and the reason, for everything else: its fate may be unknown.
// Threads: any number; each call has a channel of its own. No key or value is part of a message.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tools/cluster/etcd_wire.h"
#include "tools/cluster/grpc_channel.h"

namespace pilotledger::cluster {

inline constexpr std::size_t kMostRequestBytes = 1'572'864;  // etcd's --max-request-bytes unless it is told otherwise

struct EtcdOptions {
  std::vector<std::string> endpoints;  // https://HOST:PORT of each member; the first that answers is kept to
  TlsFiles tls;
  std::chrono::milliseconds deadline{2000};  // of one member's answer; a call ends after one for each member
};

class EtcdClient {
 public:
  static Result<EtcdClient> of(EtcdOptions options);  // connects to nothing yet
  EtcdClient(EtcdClient&&) noexcept;
  EtcdClient& operator=(EtcdClient&&) noexcept;
  ~EtcdClient();

  Result<EtcdOutcome> transact(const EtcdTransaction& transaction) const;
  Result<EtcdFound> range(const EtcdRange& range) const;  // linearizable, as far as etcd keeps to that
  // The largest database file of the members that answer: etcd refuses to write when one of them reaches its quota.
  Result<std::uint64_t> databaseBytes() const;

 private:
  class Members;
  explicit EtcdClient(std::unique_ptr<Members> members);
  std::unique_ptr<Members> members_;
};

}  // namespace pilotledger::cluster
