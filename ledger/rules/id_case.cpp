#include "ledger/rules/id_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/text.h"
#include "events/codec.h"

namespace pilotledger::ledger {
namespace {

// Named by an event, a hash or a key: of one spelling.
bool isMade(std::string_view kind) {
  static constexpr std::array<std::string_view, 10> kMade = {
      "attestation", "erasure", "key", "milestone", "receipt", "register", "reversal", "secret", "spend", "voiding"};
  return std::find(kMade.begin(), kMade.end(), kind) != kMade.end();
}

Result<bool> stands(RuleContext& context, std::string_view key) {
  PL_TRY(const EntityRecord* record, context.world.find(key));
  return record != nullptr && record->get("state") != "reversed";
}

Error sameBut(const std::string& key, std::string_view other) {
  return refusal("R-ID-CASE", key, "an id that differs from others in more than the case of its letters",
                 std::string(other), fmt::format("{} is recorded; use that id", other),
                 fmt::format("已有 {}，请使用该编号", other));
}

}  // namespace

Status takeIdCase(RuleContext& context, const events::NamedEntity& opened) {
  if (context.edition < 4 || isMade(opened.kind) || events::isSealed(opened.id())) return {};
  std::string id(opened.id()), capitals = events::upperAscii(id);
  std::string index = entityKey("idcase", fmt::format("{}/{}", opened.kind, capitals));
  PL_TRY(const EntityRecord* taken, context.world.find(index));
  std::string other(taken == nullptr ? std::string_view() : taken->get("id"));
  if (!other.empty() && other != id) {
    PL_TRY(bool there, stands(context, entityKey(opened.kind, other)));
    if (there) return sameBut(opened.key, entityKey(opened.kind, other));
  }
  if (id == capitals) return {};
  PL_TRY(bool there, stands(context, entityKey(opened.kind, capitals)));
  if (there) return sameBut(opened.key, entityKey(opened.kind, capitals));
  if (other == id) return {};
  PL_TRY(EntityRecord * record, context.world.edit(index));
  record->set("id", id);
  return {};
}

}  // namespace pilotledger::ledger
