#include "tools/cluster/members.h"

#include <fmt/format.h>

#include <algorithm>

namespace pilotledger::cluster {
namespace {

Error badMember(std::string_view name) {
  return makeError(ErrorCode::Corruption, fmt::format("node:{}: a member without a record", name),
                   fmt::format("node:{}：成员缺少记录", name));
}

}  // namespace

Result<std::vector<ledger::ClusterMember>> membersOf(const ledger::Ledger& ledger) {
  std::vector<ledger::ClusterMember> members;
  PL_TRY(auto log, ledger.entity("log:" + ledger.origin()));
  if (!log) return members;
  for (std::string_view name : log->all("node.member")) {
    PL_TRY(auto record, ledger.entity(fmt::format("node:{}", name)));
    if (!record) return badMember(name);
    PL_TRY(proof::CosignerKey key, proof::CosignerKey::parse(record->get("vkey")));
    members.push_back({std::string(name), std::move(key), std::string(record->get("url"))});
  }
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return members;
}

std::string policyOf(const crypto::VerifyKey& logKey, const std::vector<ledger::ClusterMember>& members) {
  if (members.empty()) return "";
  std::string text = fmt::format("log {}\n", logKey.vkey()), names;
  for (const auto& member : members) {
    text += fmt::format("witness {} {} {}\n", member.name, member.key.vkey(), member.url);
    names += " " + member.name;
  }
  text += fmt::format("group nodes {}{}\nquorum nodes\n", members.size() / 2 + 1, names);
  return text;
}

}  // namespace pilotledger::cluster
