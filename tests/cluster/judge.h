// Sees everything that happens, also what no node could, and says what must never be.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "ledger/order/order_record.h"

namespace pilotledger::cluster {

struct NodeKey {
  int node = 0, generation = 0;  // a node that is put back gets the next one
  auto operator<=>(const NodeKey&) const = default;
};
using Members = std::map<int, int>;  // node, generation of its key

class Judge {
 public:
  const std::optional<std::string>& violation() const { return violation_; }
  void fail(std::string what);
  void require(bool holds, const char* what) {
    if (!holds) fail(what);
  }

  // --- as it happens
  void executed(const ledger::OrderHead& mark, const Digest& root);
  // `holds`: whether the log of the node that signs has that root for that size.
  using Holds = std::function<bool(std::uint64_t size, const Digest& root)>;
  void signs(NodeKey key, std::uint64_t size, const Digest& root, const Holds& holds);
  void confirmed(const ledger::OrderHead& mark, std::uint64_t size, const Digest& root, const Members& members,
                 std::size_t shown);
  void receipt(std::uint64_t id, std::uint64_t index);
  void refused(std::uint64_t id);
  // --- in the end
  void finished(const std::vector<std::uint64_t>& entries);

  bool wasConfirmed(const ledger::OrderHead& mark) const { return confirmed_.contains(mark.chain); }
  std::size_t commits() const { return roots_.size(); }
  std::size_t receipts() const { return indexOf_.size(); }

 private:
  std::optional<std::string> violation_;
  std::map<Digest, Digest> roots_;  // by the chain of records
  std::map<NodeKey, std::map<std::uint64_t, Digest>> signed_;
  std::map<std::uint64_t, std::uint64_t> indexOf_, idAt_;  // of receipts
  std::set<std::uint64_t> refused_;
  std::set<Digest> confirmed_;  // chains of records
};

}  // namespace pilotledger::cluster
