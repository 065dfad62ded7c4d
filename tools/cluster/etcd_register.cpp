#include "tools/cluster/etcd_register.h"

#include <fmt/format.h>

#include "events/base/text.h"

namespace pilotledger::cluster {
namespace {

std::string digits(std::uint64_t number) { return fmt::format("{:020}", number); }

// A "/" would put a name below another's.
Status checkName(std::string_view name) {
  if (!name.empty() && name.find('/') == name.npos) return {};
  return invalidInput(
      fmt::format("the name of a node has no / in it and is not empty; found {}", events::shortened(name)),
      fmt::format("节点名称不得为空，且不得含有 /；实为 {}", events::shortened(name)));
}

Error wrongAnswer(const std::string& key) {
  return makeError(ErrorCode::Unavailable, fmt::format("etcd: what it holds under {} is not the ledger's", key),
                   fmt::format("etcd：{} 处的内容不属于本账本", key));
}

}  // namespace

EtcdRegister::EtcdRegister(const EtcdClient& etcd, std::string_view origin)
    : etcd_(&etcd), base_(fmt::format("/pilotledger/{}/", origin)) {}

std::string EtcdRegister::logKey(std::uint64_t number) const { return base_ + "log/" + digits(number); }

Result<std::string> EtcdRegister::partKey(std::uint64_t number, std::string_view proposer, std::uint32_t part) const {
  PL_CHECK(checkName(proposer));
  return fmt::format("{}part/{}/{}/{}", base_, digits(number), proposer, part);
}

Result<std::optional<ledger::OrderHead>> EtcdRegister::headIn(const EtcdFound& found) const {
  if (found.pairs.empty()) return std::optional<ledger::OrderHead>();
  auto head = ledger::OrderHead::parse(found.pairs.front().value);
  if (!head.ok() || found.pairs.front().key != headKey()) return wrongAnswer(headKey());
  return std::optional(*head);
}

Result<ledger::OrderRegister::Swap> EtcdRegister::swap(const std::optional<ledger::OrderHead>& expected,
                                                       const ledger::OrderHead& next, std::string_view record) {
  EtcdCompare compare{headKey(), {}};
  if (expected) compare.value = expected->text();
  EtcdTransaction transaction{{std::move(compare)}, {EtcdPut{headKey(), next.text()}}, {EtcdRange{headKey()}}};
  if (!record.empty()) {
    transaction.then.push_back(EtcdPut{logKey(next.number), std::string(record)});
  } else {  // '0' comes behind '/'
    transaction.then.push_back(EtcdDelete{base_ + "log/", base_ + "log0"});
    transaction.then.push_back(EtcdDelete{base_ + "part/", base_ + "part0"});
  }
  PL_TRY(EtcdOutcome outcome, etcd_->transact(transaction));
  if (outcome.succeeded) return Swap{true, {}};
  if (outcome.found.size() != 1) return wrongAnswer(headKey());
  PL_TRY(auto found, headIn(outcome.found.front()));
  return Swap{false, found};
}

Result<std::optional<ledger::OrderHead>> EtcdRegister::head() {
  PL_TRY(EtcdFound found, etcd_->range({headKey()}));
  return headIn(found);
}

Result<std::optional<std::string>> EtcdRegister::value(const std::string& key) const {
  PL_TRY(EtcdFound found, etcd_->range({key}));
  if (found.pairs.empty()) return std::optional<std::string>();
  if (found.pairs.front().key != key) return wrongAnswer(key);
  return std::optional(std::move(found.pairs.front().value));
}

Status EtcdRegister::put(const std::string& key, std::string_view value) const {
  PL_TRY(EtcdOutcome outcome, etcd_->transact({{}, {EtcdPut{key, std::string(value)}}}));
  return outcome.succeeded ? Status() : wrongAnswer(key);
}

Result<std::optional<std::string>> EtcdRegister::record(std::uint64_t number) { return value(logKey(number)); }

Status EtcdRegister::putPart(std::uint64_t number, std::string_view proposer, std::uint32_t part,
                             std::string_view bytes) {
  PL_TRY(std::string key, partKey(number, proposer, part));
  return put(key, bytes);
}

Result<std::optional<std::string>> EtcdRegister::part(std::uint64_t number, std::string_view proposer,
                                                      std::uint32_t part) {
  PL_TRY(std::string key, partKey(number, proposer, part));
  return value(key);
}

// From the first key with a number, so that keys of other ledgers, whose names begin alike, are no part of it.
Status EtcdRegister::forgetBelow(std::uint64_t number) {
  if (number == 0) return {};
  EtcdTransaction transaction{};
  for (std::string_view kind : {"log/", "part/"})
    transaction.then.push_back(
        EtcdDelete{fmt::format("{}{}{}", base_, kind, digits(0)), fmt::format("{}{}{}", base_, kind, digits(number))});
  PL_TRY(EtcdOutcome outcome, etcd_->transact(transaction));
  return outcome.succeeded ? Status() : wrongAnswer(base_ + "log/");
}

Status EtcdRegister::announce(std::string_view node, std::string_view text) {
  PL_CHECK(checkName(node));
  return put(fmt::format("{}node/{}", base_, node), text);
}

Result<std::map<std::string, std::string>> EtcdRegister::announced() {
  const std::string from = base_ + "node/";
  PL_TRY(EtcdFound found, etcd_->range({from, base_ + "node0"}));  // 0 follows /
  std::map<std::string, std::string> announced;
  for (EtcdPair& pair : found.pairs) {
    if (!pair.key.starts_with(from)) return wrongAnswer(from);
    std::string name = pair.key.substr(from.size());
    if (checkName(name).ok()) announced.emplace(std::move(name), std::move(pair.value));
  }
  return announced;
}

Result<bool> EtcdRegister::hasRoom() {
  PL_TRY(std::uint64_t bytes, databaseBytes());
  return bytes <= kMostBytes;
}

}  // namespace pilotledger::cluster
