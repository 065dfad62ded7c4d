// The register of an order (ledger/order/order_register.h) in etcd, below "/pilotledger/ORIGIN/":
//
//   head                             "NUMBER CHAIN"
//   log/NUMBER                       a record; NUMBER has 20 digits
//   part/NUMBER/PROPOSER/PART        a piece of the batch of one
//   node/NAME                        what a node says of itself
//
// swap() is one transaction, sent to one member: an answer is about that one and no earlier one. Errors as in
// etcd_client.h, and InvalidInput for a name with "/" in it. Threads: any number.
#pragma once

#include "ledger/order/order_register.h"
#include "tools/cluster/etcd_client.h"

namespace pilotledger::cluster {

class EtcdRegister final : public ledger::OrderRegister {
 public:
  EtcdRegister(const EtcdClient& etcd, std::string_view origin);  // the client stays longer

  Result<Swap> swap(const std::optional<ledger::OrderHead>& expected, const ledger::OrderHead& next,
                    std::string_view record) override;
  Result<std::optional<ledger::OrderHead>> head() override;
  Result<std::optional<std::string>> record(std::uint64_t number) override;
  Status putPart(std::uint64_t number, std::string_view proposer, std::uint32_t part, std::string_view bytes) override;
  Result<std::optional<std::string>> part(std::uint64_t number, std::string_view proposer, std::uint32_t part) override;
  Status forgetBelow(std::uint64_t number) override;
  Status announce(std::string_view node, std::string_view text) override;
  Result<std::map<std::string, std::string>> announced() override;

  // Half of etcd's quota: proposers stop there, because only a defragmentation leads back from the whole of it.
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 30;
  Result<bool> hasRoom() override;
  // Of the largest member.
  Result<std::uint64_t> databaseBytes() const { return etcd_->databaseBytes(); }

 private:
  std::string headKey() const { return base_ + "head"; }
  std::string logKey(std::uint64_t number) const;
  Result<std::string> partKey(std::uint64_t number, std::string_view proposer, std::uint32_t part) const;
  Status put(const std::string& key, std::string_view value) const;
  Result<std::optional<std::string>> value(const std::string& key) const;
  Result<std::optional<ledger::OrderHead>> headIn(const EtcdFound& found) const;

  const EtcdClient* etcd_;
  std::string base_;
};

}  // namespace pilotledger::cluster
