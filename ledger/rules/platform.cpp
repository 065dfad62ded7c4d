// A platform's life: 创建 -> 市级 -> 省级 -> 国家级 (plan, part five: 市定市级、省定省级、推荐国家级).
#include <fmt/format.h>

#include "events/identifiers.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

// established, county, municipal, provincial, national: each may follow only a lower one.
int rankOf(std::string_view state) {
  if (state == "established") return 0;
  if (state == "county") return 1;
  if (state == "municipal") return 2;
  if (state == "provincial") return 3;
  if (state == "national") return 4;
  return -1;
}

std::string stateOf(schema::Level level) {
  switch (level) {
    case schema::Level::COUNTY: return "county";
    case schema::Level::MUNICIPAL: return "municipal";
    case schema::Level::PROVINCIAL: return "provincial";
    case schema::Level::NATIONAL: return "national";
    case schema::Level::UNSPECIFIED: break;
  }
  return "";
}

// The signer of a recognition is the authority of that very level; a national one is recorded by
// the province that proposed it, with the document.
Status requireLevel(RuleContext& context, schema::Level level, bool hasDocument, const std::string& entity) {
  if (context.imported()) return {};
  std::string wanted(events::enumCode(level));
  std::string found = "none";
  for (const Signer& signer : context.signers) {
    if (!signer.hasRole("EIT")) continue;
    if (signer.level == wanted) return {};
    if (level == schema::Level::NATIONAL && signer.level == "PROVINCIAL" && hasDocument) return {};
    found = signer.level.empty() ? "no level" : signer.level;
  }
  return refusal("R-RECOGNITION-LEVEL", entity, wanted, found,
                 fmt::format("a {} platform is recognised by a {} authority", wanted, wanted),
                 "市定市级、省定省级：须由同级主管部门签署");
}

// What an authority says of a platform counts where it is competent: in its own division.
Status requireDivision(RuleContext& context, const EntityRecord& platform, const std::string& entity) {
  if (context.imported() || !platform.has("division")) return {};
  std::string found = "none";
  for (const Signer& signer : context.signers) {
    if (!signer.hasRole("EIT")) continue;
    if (signer.division.empty() || events::divisionCovers(signer.division, platform.get("division"))) return {};
    found = signer.division;
  }
  return refusal("R-PLATFORM-DIVISION", entity, fmt::format("an authority of {}", platform.get("division")), found,
                 "the platform is in another division", "该平台不在签署机关的管辖区划内");
}

// 独立法人: a company, an institution, an association or a government body, never a person.
Status requireLegalEntity(RuleContext& context, std::string_view party, const std::string& entity) {
  PL_TRY(const EntityRecord* legal, context.find("party", party));
  if (legal->get("kind") != "PERSON") return {};
  return refusal("R-LEGAL-ENTITY", entity, "a legal person", fmt::format("{}, a natural person", party),
                 "a platform belongs to a legal person", "平台须为独立法人");
}

}  // namespace

Status platformEstablished(RuleContext& context) {
  auto body = context.body().getPlatformEstablished();
  std::string entity = entityKey("platform", body.getPlatform().cStr());
  std::int64_t shares = 0;
  for (auto builder : body.getBuilders()) shares += builder.getShareBp();
  if (body.getBuilders().size() > 0 && shares != 10000) {
    return refusal("R-SHARES", entity, "10000", std::to_string(shares),
                   "the sponsors' shares must add up to 10000 basis points", "建设主体份额合计须为 10000 基点");
  }
  PL_CHECK(requireLegalEntity(context, body.getLegalEntity().cStr(), entity));
  PL_TRY(EntityRecord * platform, context.edit("platform", body.getPlatform().cStr()));
  platform->set("state", "established");
  platform->set("division", body.getDivision().cStr());
  for (std::string_view attribute : {"party.plt", "party.fin"}) {
    platform->insert(attribute, body.getLegalEntity().cStr());
    platform->insert(attribute, body.getOperator().cStr());
  }
  return {};
}

Status platformRecognized(RuleContext& context) {
  auto body = context.body().getPlatformRecognized();
  std::string entity = entityKey("platform", body.getPlatform().cStr());
  PL_CHECK(requireLevel(context, body.getLevel(), body.getDocNo().size() > 0, entity));
  PL_TRY(EntityRecord * platform, context.edit("platform", body.getPlatform().cStr()));
  PL_CHECK(requireDivision(context, *platform, entity));
  PL_CHECK(requireNotWithdrawn(context, body.getPlatform().cStr()));
  // Not even a recognition of before the withdrawal, recorded late, brings it back.
  PL_CHECK(requireState(*platform, entity, "R-PLATFORM-STATE", "established|county|municipal|provincial|national"));
  int now = rankOf(platform->get("state"));
  std::string next = stateOf(body.getLevel());
  bool jump = rankOf(next) >= 3 && rankOf(next) != now + 1 && rankOf(next) != now;
  bool down = rankOf(next) < now;
  if ((jump || down) && body.getExceptionRef().size() == 0) {
    return refusal("R-LADDER", entity, down ? "the same tier or the next" : "the next tier",
                   fmt::format("{} -> {}", platform->get("state"), next),
                   "platforms climb 市级 -> 省级 -> 国家级 one tier at a time, or with an exceptionRef",
                   "平台须按市级—省级—国家级逐级认定，例外须注明依据");
  }
  enterState(context, *platform, next);
  platform->setNumber("recognised.on", context.event.legalDate());
  return {};
}

Status platformRecognizedUndo(RuleContext& context) {
  auto body = context.body().getPlatformRecognized();
  std::string entity = entityKey("platform", body.getPlatform().cStr());
  PL_TRY(EntityRecord * platform, context.edit("platform", body.getPlatform().cStr()));
  PL_CHECK(requireDivision(context, *platform, entity));
  return moveState(context, *platform, entity, "R-REVERSAL-STATE", "established", stateOf(body.getLevel()));
}

Status performanceGraded(RuleContext& context) {
  auto body = context.body().getPerformanceGraded();
  int year = body.getYear();
  int legalYear = context.event.legalDate() / 10000;
  if (year < 1949 || year > legalYear) {
    return refusal("R-GRADE-YEAR", entityKey("platform", body.getPlatform().cStr()), fmt::format("1949..{}", legalYear),
                   std::to_string(year), "a year can be graded only once it has begun",
                   "考核年度不得晚于法定日期所在年度");
  }
  PL_TRY(const EntityRecord* platform, context.find("platform", body.getPlatform().cStr()));
  PL_CHECK(requireDivision(context, *platform, entityKey("platform", body.getPlatform().cStr())));
  PL_TRY(EntityRecord * grade, context.edit("grade", fmt::format("{}/{}", body.getPlatform().cStr(), year)));
  grade->set("grade", events::enumCode(body.getGrade()));
  grade->set("state", "graded");
  return {};
}

Status performanceGradedUndo(RuleContext& context) {
  auto body = context.body().getPerformanceGraded();
  PL_TRY(EntityRecord * grade, context.edit("grade", fmt::format("{}/{}", body.getPlatform().cStr(), body.getYear())));
  grade->set("state", "reversed");
  return {};
}

Status platformReevaluated(RuleContext& context) {
  auto body = context.body().getPlatformReevaluated();
  std::string entity = entityKey("platform", body.getPlatform().cStr());
  PL_TRY(EntityRecord * platform, context.edit("platform", body.getPlatform().cStr()));
  PL_CHECK(requireDivision(context, *platform, entity));
  PL_CHECK(requireState(*platform, entity, "R-PLATFORM-STATE", "county|municipal|provincial|national"));
  bool undone = context.undoing;
  platform->set("standing", undone || body.getResult() == schema::ReviewResult::PASSED ? ""
                            : body.getResult() == schema::ReviewResult::FAILED         ? "failed"
                                                                                       : "rectifying");
  platform->set("reevaluated.on", undone ? "" : std::to_string(context.event.legalDate()));
  return {};
}

Status platformPromoted(RuleContext& context) {
  auto body = context.body().getPlatformPromoted();
  std::string entity = entityKey("platform", body.getPlatform().cStr());
  PL_CHECK(requireLevel(context, schema::Level::NATIONAL, true, entity));
  PL_TRY(EntityRecord * platform, context.edit("platform", body.getPlatform().cStr()));
  PL_CHECK(requireDivision(context, *platform, entity));
  PL_CHECK(moveState(context, *platform, entity, "R-PLATFORM-STATE", "provincial", "national"));
  platform->set("promoted.on", context.undoing ? "" : std::to_string(context.event.legalDate()));
  return {};
}

Status platformWithdrawn(RuleContext& context) {
  auto body = context.body().getPlatformWithdrawn();
  std::string entity = entityKey("platform", body.getPlatform().cStr());
  PL_TRY(EntityRecord * platform, context.edit("platform", body.getPlatform().cStr()));
  PL_CHECK(requireDivision(context, *platform, entity));
  PL_CHECK(moveState(context, *platform, entity, "R-PLATFORM-STATE", "established|county|municipal|provincial|national",
                     "withdrawn"));
  platform->set("withdrawn.on", context.undoing ? "" : std::to_string(body.getEffectiveOn()));
  return {};
}

std::span<const RuleRow> platformRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, PLATFORM_ESTABLISHED, {platformEstablished, nullptr}},
      {1, PLATFORM_RECOGNIZED, {platformRecognized, platformRecognizedUndo}},
      {1, PERFORMANCE_GRADED, {performanceGraded, performanceGradedUndo}},
      {1, PLATFORM_REEVALUATED, {platformReevaluated, platformReevaluated}},
      {1, PLATFORM_PROMOTED, {platformPromoted, platformPromoted}},
      {1, PLATFORM_WITHDRAWN, {platformWithdrawn, platformWithdrawn}},
      {1, QUALIFICATION_RECORDED, {recorded, recorded}},
      {1, SERVICE_LIST_PUBLISHED, {recorded, recorded}},
      {1, MILESTONE_RECORDED, {recorded, recorded}},
      {1, OPERATING_COST_REPORTED, {recorded, recorded}},
      {1, INCIDENT_REPORTED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
