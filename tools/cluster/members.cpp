#include "tools/cluster/members.h"

#include <fmt/format.h>

#include <algorithm>

namespace pilotledger::cluster {
namespace {

Error badMember(std::string_view name) {
  return makeError(ErrorCode::Corruption, fmt::format("node:{}: a member without a record", name),
                   fmt::format("node:{}：成员缺少记录", name));
}

Result<ledger::ClusterMember> memberOf(const ledger::Ledger& ledger, std::string_view name) {
  PL_TRY(auto record, ledger.entity(fmt::format("node:{}", name)));
  if (!record) return badMember(name);
  PL_TRY(proof::CosignerKey key, proof::CosignerKey::parse(record->get("vkey")));
  return ledger::ClusterMember{std::string(name), std::move(key), std::string(record->get("url"))};
}

}  // namespace

Result<std::vector<ledger::ClusterMember>> membersOf(const ledger::Ledger& ledger) {
  std::vector<ledger::ClusterMember> members;
  PL_TRY(auto log, ledger.entity("log:" + ledger.origin()));
  if (!log) return members;
  for (std::string_view name : log->all("node.member")) {
    PL_TRY(ledger::ClusterMember member, memberOf(ledger, name));
    members.push_back(std::move(member));
  }
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  return members;
}

Result<MemberChange> lastChangeOf(const ledger::Ledger& ledger, const std::vector<ledger::ClusterMember>& members) {
  MemberChange change;
  PL_TRY(auto log, ledger.entity("log:" + ledger.origin()));
  const std::string name(log ? log->get("node.changed") : "");
  if (name.empty()) return change;
  PL_TRY(auto entries, ledger.entriesOf("node:" + name));
  if (entries.empty()) return badMember(name);
  change.since = entries.back() + 1;
  change.before = members;
  if (std::erase_if(change.before, [&](const ledger::ClusterMember& one) { return one.name == name; }) > 0)
    return change;
  PL_TRY(ledger::ClusterMember retired, memberOf(ledger, name));
  change.before.push_back(std::move(retired));
  return change;
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
