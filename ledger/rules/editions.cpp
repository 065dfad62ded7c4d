#include "ledger/rules/editions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "ledger/rules/refusals.h"

namespace pilotledger::ledger {
namespace {

constexpr std::array<std::string_view, kNewestEdition> kPrograms = {"0.1.0", "0.2.0", "0.3.0", "0.4.0"};

std::string_view modeName(const events::EntityRule& rule) {
  switch (rule.mode) {
    case events::EntityMode::Open: return rule.optional ? "open?" : "open";
    case events::EntityMode::Need: return rule.optional ? "need?" : "need";
    case events::EntityMode::Touch: return rule.optional ? "touch?" : "touch";
  }
  return "";
}

void addLaterFields(const std::string& path, const std::vector<events::Field>& fields, int edition,
                    std::vector<std::string>& lines) {
  for (const events::Field& field : fields) {
    std::string name = fmt::format("{}.{}", path, field.name);
    if (field.since > 1 && field.since <= edition) lines.push_back(fmt::format("field {} {}", name, field.since));
    if (field.element != nullptr) addLaterFields(name, field.element->fields, edition, lines);
  }
}

void addKind(const events::Kind& kind, int edition, std::vector<std::string>& lines) {
  lines.push_back(fmt::format("signers {} {}", kind.name, kind.signersOf(edition).text));
  if (kind.importable) lines.push_back(fmt::format("importable {}", kind.name));
  for (const std::string& role : kind.attesters) lines.push_back(fmt::format("attester {} {}", kind.name, role));
  for (const events::EntityRule& rule : kind.entities)
    lines.push_back(fmt::format("entity {} {} {} {}", kind.name, modeName(rule), rule.kind, rule.id.source));
  if (kind.hasLater) addLaterFields(kind.name, kind.body->fields, edition, lines);
}

}  // namespace

namespace {

Error unknownEdition(int edition, std::string_view needs) {
  return makeError(ErrorCode::Unavailable,
                   fmt::format("edition {} of the rules: this program knows up to {}; use pilotledger {} or newer",
                               edition, kNewestEdition, needs),
                   fmt::format("规则第 {} 版：本程序只识得至第 {} 版；请使用 pilotledger {} 或更新版本", edition,
                               kNewestEdition, needs));
}

}  // namespace

Status adoptEdition(RuleContext& context, int edition, std::string_view needs) {
  if (edition > kNewestEdition) return unknownEdition(edition, needs);
  PL_TRY(EntityRecord * record, context.world.edit(context.log.entity));
  int now = std::max(1, static_cast<int>(record->number("edition")));
  bool founds = std::any_of(context.signers.begin(), context.signers.end(), [](const Signer& s) { return s.founding; });
  if (edition < now || (edition == now && !founds)) {
    return refusal("R-EDITION", context.log.entity, fmt::format("an edition after {}", now), std::to_string(edition),
                   "the rules go forward only", "规则版本只能递增");
  }
  record->setNumber("edition", edition);
  record->set("edition.needs", needs);
  return {};
}

namespace {

// The first field that is set and not of the edition, as a path.
std::string laterField(events::StructView view, const std::vector<events::Field>& fields, int edition) {
  for (const events::Field& field : fields) {
    std::string inner;
    if (field.element != nullptr) {
      auto inside = [&](events::StructView element) {
        if (inner.empty()) inner = laterField(element, field.element->fields, edition);
      };
      if (field.isList) view.eachStruct(field, inside);
      else if (view.has(field)) inside(view.child(field));
      if (!inner.empty()) return fmt::format("{}.{}", field.name, inner);
    }
    if (field.since <= edition) continue;
    events::Scalar value = view.scalar(field);
    if (value.number != 0 || !value.bytes.empty()) return field.name;
  }
  return {};
}

}  // namespace

Status requireOfEdition(const RuleContext& context) {
  const events::Kind& kind = context.event.kind();
  if (context.edition == kNewestEdition || (kind.since <= context.edition && !kind.hasLater)) return {};
  std::string what = kind.name;
  if (kind.since <= context.edition) {
    std::string field = laterField(context.event.body(), kind.body->fields, context.edition);
    if (field.empty()) return {};
    what += fmt::format(".{}", field);
  }
  return refusal("R-EDITION", context.log.entity, fmt::format("what edition {} knows", context.edition), what,
                 "a later edition of the rules adds it; operator and auditor adopt that one with RulesAdopted first",
                 "该内容属更新版本的规则；须先由运营者与审计以 RulesAdopted 启用");
}

Result<int> editionInForce(const LogContext& log, EntityOverlay& world) {
  PL_TRY(const EntityRecord* record, world.find(log.entity));
  std::int64_t edition = record == nullptr ? 0 : record->number("edition");
  if (edition <= kNewestEdition) return edition == 0 ? 1 : static_cast<int>(edition);
  return unknownEdition(static_cast<int>(edition), record->get("edition.needs"));
}

std::string editionText(int edition) {
  std::vector<std::string> lines;
  for (const events::Kind& kind : events::kinds()) {
    if (kind.since <= edition) addKind(kind, edition, lines);
  }
  for (const Refusal& refusal : refusals()) {
    if (refusal.edition <= edition) lines.push_back(fmt::format("refusal {}", refusal.code));
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("pilotledger/rules/{}\n{}\n", edition, fmt::join(lines, "\n"));
}

Digest editionDigest(int edition) { return crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(editionText(edition))); }

std::string_view editionProgram(int edition) {
  PL_ASSERT(edition >= 1 && edition <= kNewestEdition);
  return kPrograms[static_cast<std::size_t>(edition) - 1];
}

}  // namespace pilotledger::ledger
