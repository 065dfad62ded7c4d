// The machines that hold a copy of this ledger and sign what they have stored. The record of the log lists the members,
// so that whoever counts signatures reads one record; each member's own record has its key and address.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/text.h"
#include "ledger/crypto/encoding.h"
#include "ledger/rules/rules.h"
#include "ledger/rules/service_url.h"
#include "ledger/tlog/cosignature.h"

namespace pilotledger::ledger::rules {
namespace {

constexpr std::size_t kMostNameBytes = 64;

// It becomes a part of file names, of keys of the register and of lines: letters, digits, '.', '-' and '_' only.
Status requirePlainName(std::string_view name, const std::string& entity) {
  auto alphanumeric = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
  bool plain = name.size() <= kMostNameBytes && alphanumeric(name.front()) &&
               std::all_of(name.begin(), name.end(),
                           [&](char c) { return alphanumeric(c) || c == '.' || c == '-' || c == '_'; });
  if (plain) return {};
  return refusal("R-NODE-NAME", entity, fmt::format("1 to {} letters, digits, '.', '-' or '_'", kMostNameBytes),
                 std::string(name), "the name of a node is a plain word that begins with a letter or digit",
                 "节点名称须为以字母或数字开头的简单标识");
}

// Members only: a retired one may be admitted again.
Status requireNoMember(RuleContext& context, std::string_view name, const std::string& entity) {
  PL_TRY(const EntityRecord* log, context.world.find(context.log.entity));
  if (log == nullptr) return {};
  for (std::string_view member : log->all("node.member")) {
    if (events::upperAscii(member) != events::upperAscii(name)) continue;
    return refusal("R-NODE-STATE", entity, "a name that is no member's", fmt::format("member {}", member),
                   "a node of this name is a member already; retire it first", "同名节点已是成员，请先退出");
  }
  return {};
}

// A key signs for one node, for ever: two names with one key would count twice in a majority, and a node that comes
// back from an older copy must not sign with the key that has signed more.
Status takeKey(RuleContext& context, const proof::CosignerKey& key, std::string_view node, const std::string& entity) {
  std::string material = crypto::toHex(key.key().publicKey());
  PL_TRY(const EntityRecord* known, context.find("material", material));
  PL_TRY(const EntityRecord* log, context.world.find(context.log.entity));
  bool ofLog = std::ranges::equal(key.key().publicKey(), context.log.logKey.publicKey());
  if (log != nullptr && log->has("vkey")) {
    PL_TRY(crypto::VerifyKey inForce, crypto::VerifyKey::parse(log->get("vkey")));
    ofLog = ofLog || std::ranges::equal(key.key().publicKey(), inForce.publicKey());
  }
  if (known != nullptr || ofLog) {
    return refusal("R-NODE-KEY", entity, "a key that signs for nobody else, and never did",
                   ofLog ? "the log key" : fmt::format("the key of {}", known->get("key")),
                   "each node has a key of its own, and a new one when it comes back",
                   "每个节点须使用自己的密钥；重新加入时须更换密钥");
  }
  PL_TRY(EntityRecord * record, context.edit("material", material));
  record->set("key", entityKey("node", node));
  return {};
}

Status nodeAdmitted(RuleContext& context) {
  auto body = context.body().getNodeAdmitted();
  std::string name = body.getNode().cStr();
  std::string entity = entityKey("node", name);
  PL_CHECK(requirePlainName(name, entity));
  PL_CHECK(requireServiceUrl(body.getUrl().cStr(), entity));
  PL_CHECK(requireNoMember(context, name, entity));
  auto key = proof::CosignerKey::parse(body.getVkey().cStr());
  if (!key.ok()) {
    return refusal("R-NODE-KEY", entity, "a cosigner's key, as the node prints it", body.getVkey().cStr(),
                   key.error().message.en, key.error().message.zh);
  }
  PL_CHECK(takeKey(context, *key, name, entity));
  PL_TRY(EntityRecord * node, context.world.edit(entity));
  node->set("state", "member");
  node->set("vkey", key->vkey());
  node->set("url", body.getUrl().cStr());
  PL_TRY(EntityRecord * log, context.world.edit(context.log.entity));
  log->insert("node.member", name);
  return {};
}

// The last one too: then the ledger is again one of a single machine, whose log key alone signs.
Status nodeRetired(RuleContext& context) {
  std::string name = context.body().getNodeRetired().getNode().cStr();
  std::string entity = entityKey("node", name);
  PL_TRY(EntityRecord * node, context.world.edit(entity));
  PL_CHECK(requireState(*node, entity, "R-NODE-STATE", "member"));
  node->set("state", "retired");
  PL_TRY(EntityRecord * log, context.world.edit(context.log.entity));
  log->erase("node.member", name);
  return {};
}

}  // namespace

std::span<const RuleRow> nodeRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {4, NODE_ADMITTED, {nodeAdmitted, nullptr}},
      {4, NODE_RETIRED, {nodeRetired, nullptr}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
