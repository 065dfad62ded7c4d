#include "ledger/commit/asked.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "ledger/rules/authority.h"
#include "ledger/rules/editions.h"
#include "ledger/rules/lacking.h"

namespace pilotledger::ledger {
namespace {

bool takesBack(const events::Event& event) {
  auto body = event.reader().getBody();
  return body.isEventReversed() || body.isEventCorrected();
}

// Says of the kind what its schema says, and nothing that depends on a record.
Error strangerTo(const events::Event& event, int edition) {
  const events::Kind& kind = event.kind();
  const std::string& text = kind.signersOf(edition).text;
  const std::string en = takesBack(event) ? "whoever signs what it takes back" : text;
  const std::string zh = takesBack(event) ? "被撤回事件的应签方" : text;
  return makeError(ErrorCode::NotAuthorized,
                   fmt::format("{} is signed by {}: either what it names is not recorded here, or these keys are not "
                               "among its signers",
                               kind.name, en),
                   fmt::format("{}由 {} 签署：所指对象在此没有记录，或这些密钥不在应签之列", kind.label.zh, zh));
}

// An importer signs, alone, what names its source; and takes back what importers recorded.
bool isImporters(const events::Event& subject, const Signer& signer) {
  return signer.hasRole("IMP") && subject.kind().importable && subject.reader().getSource().size() > 0;
}

bool isAskedFor(const std::vector<OpenWay>& ways, const Signer& signer) {
  return std::any_of(ways.begin(), ways.end(), [&](const OpenWay& way) {
    return std::any_of(way.lacking.begin(), way.lacking.end(),
                       [&](const LackingTerm& term) { return fits(term, signer); });
  });
}

}  // namespace

Status requireAsked(const LogContext& log, EntityOverlay& world, const events::Event& event,
                    std::span<const Signer> signers, std::int32_t day) {
  PL_TRY(int edition, editionInForce(log, world));
  RuleContext bare{log, edition, world, event, {}, day};  // with no signature, all that the kind asks for is open
  PL_TRY(std::optional<events::Event> subject, takesBack(event) ? takenBackBy(bare) : std::optional(event));
  if (!subject) return strangerTo(event, edition);
  PL_TRY(std::vector<OpenWay> ways, openWays(bare));
  bool asked = std::any_of(signers.begin(), signers.end(), [&](const Signer& signer) {
    return isImporters(*subject, signer) || isAskedFor(ways, signer);
  });
  return asked ? Status() : Status(strangerTo(event, edition));
}

}  // namespace pilotledger::ledger
