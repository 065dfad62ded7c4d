#include "ledger/rules/editions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "ledger/rules/refusals.h"

namespace pilotledger::ledger {
namespace {

constexpr std::array<std::string_view, kNewestEdition> kPrograms = {"0.1.0", "0.2.0"};
// The kinds that an edition speaks of: those that there were when it was made. Later ones only add.
constexpr std::array<std::size_t, kNewestEdition> kKindsThen = {96, 96};

std::string_view modeName(const events::EntityRule& rule) {
  switch (rule.mode) {
    case events::EntityMode::Open: return rule.optional ? "open?" : "open";
    case events::EntityMode::Need: return rule.optional ? "need?" : "need";
    case events::EntityMode::Touch: return rule.optional ? "touch?" : "touch";
  }
  return "";
}

void addKind(const events::Kind& kind, int edition, std::vector<std::string>& lines) {
  lines.push_back(fmt::format("signers {} {}", kind.name, kind.signersOf(edition).text));
  if (kind.importable) lines.push_back(fmt::format("importable {}", kind.name));
  for (const std::string& role : kind.attesters) lines.push_back(fmt::format("attester {} {}", kind.name, role));
  for (const events::EntityRule& rule : kind.entities)
    lines.push_back(fmt::format("entity {} {} {} {}", kind.name, modeName(rule), rule.kind, rule.id.source));
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

Result<int> editionInForce(const LogContext& log, EntityOverlay& world) {
  PL_TRY(const EntityRecord* record, world.find(log.entity));
  std::int64_t edition = record == nullptr ? 0 : record->number("edition");
  if (edition <= kNewestEdition) return edition == 0 ? 1 : static_cast<int>(edition);
  return unknownEdition(static_cast<int>(edition), record->get("edition.needs"));
}

std::string editionText(int edition) {
  std::vector<std::string> lines;
  for (const events::Kind& kind : events::kinds().first(kKindsThen[static_cast<std::size_t>(edition) - 1]))
    addKind(kind, edition, lines);
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
