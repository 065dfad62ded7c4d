// What the operator says of the running of the ledger itself: its clock, who read from it.
#include <fmt/format.h>

#include <limits>

#include "ledger/crypto/encoding.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

// Whether the times fit is seen where the commit is built, which knows them (commit_builder.h).
Status clockCorrected(RuleContext& context) {
  auto body = context.body().getClockCorrected();
  if (std::string_view(body.getLog().cStr()) != context.log.origin) {
    return refusal("R-CLOCK", entityKey("log", body.getLog().cStr()), context.log.origin, body.getLog().cStr(),
                   "the clock of another log", "非本日志的时钟");
  }
  PL_TRY(EntityRecord * clock, context.edit("clock", context.log.origin));
  clock->set("first.wrong", std::to_string(body.getFirstWrong()));
  return {};
}

// A file that only grows holds what it held.
Status accessLogAnchored(RuleContext& context) {
  auto body = context.body().getAccessLogAnchored();
  std::string entity = entityKey("accesslog", body.getServer().cStr());
  std::string head = crypto::toHex({body.getHead().begin(), body.getHead().size()});
  PL_TRY(EntityRecord * record, context.world.edit(entity));
  auto lines =
      static_cast<std::int64_t>(std::min<std::uint64_t>(body.getLines(), std::numeric_limits<std::int64_t>::max()));
  std::int64_t before = record->number("lines");
  if (lines < before || (lines == before && head != record->get("head"))) {
    return refusal("R-ACCESS-LOG", entity,
                   fmt::format("more than {} lines, or the same head {}", before, record->get("head")),
                   fmt::format("{} lines, head {}", lines, head), "an access log only grows: lines were cut or changed",
                   "访问日志只增不减：有行被删除或改动");
  }
  record->setNumber("lines", lines);
  record->set("head", head);
  return {};
}

}  // namespace

std::span<const RuleRow> operationRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {3, CLOCK_CORRECTED, {clockCorrected, nullptr}},
      {3, ACCESS_LOG_ANCHORED, {accessLogAnchored, nullptr}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
