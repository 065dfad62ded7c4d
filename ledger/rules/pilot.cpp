// Pilot projects, runs and test reports. Failed runs are facts like any other.
#include <fmt/format.h>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

Status requireShare(std::int32_t bp, std::string_view field, const std::string& entity) {
  if (bp >= 0 && bp <= 10000) return {};
  return refusal("R-BASIS-POINTS", entity, "0..10000", std::to_string(bp),
                 fmt::format("{} is a share in basis points", field), fmt::format("{} 应为 0 至 10000 基点", field));
}

}  // namespace

Status pilotProjectAccepted(RuleContext& context) {
  auto body = context.body().getPilotProjectAccepted();
  if (context.undoing) {
    PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
    std::string entity = entityKey("project", body.getProject().cStr());
    if (project->number("runs") > 0) {
      return refusal("R-REVERSAL-STATE", entity, "no runs", fmt::format("{} runs", project->get("runs")),
                     "reverse its runs first", "请先冲销其运行记录");
    }
    PL_CHECK(requireState(*project, entity, "R-REVERSAL-STATE", "open"));
    project->set("state", "reversed");
    return {};
  }
  PL_CHECK(requireNotWithdrawn(context, body.getPlatform().cStr()));
  PL_TRY(const EntityRecord* platform, context.find("platform", body.getPlatform().cStr()));
  std::vector<std::string> operators;
  for (std::string_view party : platform->all("party.plt")) operators.emplace_back(party);
  PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
  project->set("state", "open");
  project->set("platform", body.getPlatform().cStr());
  project->set("party.cus", body.getClient().cStr());
  for (const std::string& party : operators) project->insert("party.plt", party);
  if (body.getBatchesPlanned() > 0) project->setNumber("batches.planned", body.getBatchesPlanned());
  return {};
}

Status pilotRunRecorded(RuleContext& context) {
  auto body = context.body().getPilotRunRecorded();
  std::string entity = entityKey("run", body.getRun().cStr());
  PL_CHECK(requireShare(body.getYieldBp(), "yieldBp", entity));
  PL_CHECK(requireShare(body.getPassRateBp(), "passRateBp", entity));
  if (body.getStartedOn() != 0 && body.getFinishedOn() != 0 && body.getFinishedOn() < body.getStartedOn()) {
    return refusal("R-DATES", entity, "started on <= finished on",
                   fmt::format("{}..{}", events::formatCivilDate(body.getStartedOn()),
                               events::formatCivilDate(body.getFinishedOn())),
                   "the run ends before it begins", "运行结束日早于开始日");
  }
  if (body.getTrlBefore() > 9 || body.getTrlAfter() > 9) {
    return refusal("R-TRL", entity, "0..9", fmt::format("{} -> {}", body.getTrlBefore(), body.getTrlAfter()),
                   "technology readiness has nine levels", "技术就绪水平为 1 至 9 级");
  }
  PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
  std::string projectEntity = entityKey("project", body.getProject().cStr());
  if (project->get("platform") != std::string_view(body.getPlatform().cStr())) {
    return refusal("R-RUN-PLATFORM", projectEntity, std::string(project->get("platform")), body.getPlatform().cStr(),
                   "the project belongs to another platform", "该项目属于其他平台");
  }
  PL_CHECK(requireState(*project, projectEntity, "R-PROJECT-STATE", "open"));
  std::int64_t planned = project->number("batches.planned");
  std::int64_t done = project->number("batches.done") + body.getBatchesDone();
  if (planned > 0 && done > planned) {
    return refusal("R-BATCHES", projectEntity, fmt::format("<= {} batches planned", planned),
                   fmt::format("{} done", done), "more batches than the project planned", "完成批次超过项目计划批次");
  }
  project->setNumber("batches.done", done);
  PL_CHECK(project->add("runs", 1));
  PL_TRY(EntityRecord * run, context.edit("run", body.getRun().cStr()));
  run->set("state", "recorded");
  run->set("result", events::enumCode(body.getResult()));
  run->set("project", body.getProject().cStr());
  return {};
}

Status pilotRunRecordedUndo(RuleContext& context) {
  auto body = context.body().getPilotRunRecorded();
  PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
  PL_CHECK(requireState(*project, entityKey("project", body.getProject().cStr()), "R-REVERSAL-STATE", "open"));
  PL_CHECK(project->add("batches.done", -static_cast<std::int64_t>(body.getBatchesDone())));
  PL_CHECK(project->add("runs", -1));
  PL_TRY(EntityRecord * run, context.edit("run", body.getRun().cStr()));
  run->set("state", "reversed");
  return {};
}

Status testReportIssued(RuleContext& context) {
  auto body = context.body().getTestReportIssued();
  PL_TRY(EntityRecord * report,
         context.edit("report", fmt::format("{}/{}", body.getLab().cStr(), body.getReportNo().cStr())));
  report->set("state", "issued");
  report->set("run", body.getRun().cStr());
  return {};
}

Status testReportIssuedUndo(RuleContext& context) {
  auto body = context.body().getTestReportIssued();
  PL_TRY(EntityRecord * report,
         context.edit("report", fmt::format("{}/{}", body.getLab().cStr(), body.getReportNo().cStr())));
  report->set("state", "reversed");
  return {};
}

Status pilotProjectAmended(RuleContext& context) {
  auto body = context.body().getPilotProjectAmended();
  std::string entity = entityKey("project", body.getProject().cStr());
  PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
  PL_CHECK(requireState(*project, entity, "R-PROJECT-STATE", "open"));
  std::int64_t done = project->number("batches.done");
  if (body.getBatchesPlanned() < done) {
    return refusal("R-BATCHES", entity, fmt::format(">= {} batches done", done),
                   std::to_string(body.getBatchesPlanned()), "fewer batches planned than done",
                   "计划批次少于已完成批次");
  }
  project->setNumber("batches.planned", body.getBatchesPlanned());
  return {};
}

Status pilotAccepted(RuleContext& context) {
  auto body = context.body().getPilotAccepted();
  std::string entity = entityKey("project", body.getProject().cStr());
  PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
  if (project->number("runs") == 0) {
    return refusal("R-RUNS", entity, "at least one run", "none", "a project without a run cannot be accepted",
                   "没有中试运行记录，不能验收");
  }
  if (body.getTrlBefore() > 9 || body.getTrlAfter() > 9) {
    return refusal("R-TRL", entity, "0..9", fmt::format("{} -> {}", body.getTrlBefore(), body.getTrlAfter()),
                   "technology readiness has nine levels", "技术就绪水平为 1 至 9 级");
  }
  PL_CHECK(moveState(context, *project, entity, "R-PROJECT-STATE", "open", "accepted"));
  project->set("result", context.undoing ? "" : events::enumCode(body.getResult()));
  return {};
}

// An outcome is known once it is evaluated or registered.
Status outcomeNamed(RuleContext& context) {
  PL_CHECK(recorded(context));
  auto body = context.body();
  auto id =
      body.isOutcomeEvaluated() ? body.getOutcomeEvaluated().getOutcome() : body.getOutcomeRegistered().getOutcome();
  auto project =
      body.isOutcomeEvaluated() ? body.getOutcomeEvaluated().getProject() : body.getOutcomeRegistered().getProject();
  std::string entity = entityKey("outcome", id.cStr());
  PL_TRY(EntityRecord * outcome, context.edit("outcome", id.cStr()));
  if (outcome->has("project") && outcome->get("project") != std::string_view(project.cStr())) {
    return refusal("R-OUTCOME-PROJECT", entity, std::string(outcome->get("project")), project.cStr(),
                   "an outcome comes from one project", "同一成果对应一个中试项目");
  }
  PL_CHECK(outcome->add("named", context.change(1)));
  outcome->set("state", outcome->number("named") > 0 ? "recorded" : "reversed");
  outcome->set("project", project.cStr());
  return {};
}

Status firstProductRecognized(RuleContext& context) {
  auto body = context.body().getFirstProductRecognized();
  PL_TRY(EntityRecord * outcome, context.edit("outcome", body.getOutcome().cStr()));
  outcome->set("first.product", context.undoing ? "" : events::enumCode(body.getClass()));
  return {};
}

std::span<const RuleRow> pilotRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, PILOT_PROJECT_ACCEPTED, {pilotProjectAccepted, pilotProjectAccepted}},
      {1, PILOT_RUN_RECORDED, {pilotRunRecorded, pilotRunRecordedUndo}},
      {1, TEST_REPORT_ISSUED, {testReportIssued, testReportIssuedUndo}},
      {1, PILOT_PROJECT_AMENDED, {pilotProjectAmended, nullptr}},
      {1, PILOT_ACCEPTED, {pilotAccepted, pilotAccepted}},
      {1, OUTCOME_EVALUATED, {outcomeNamed, outcomeNamed}},
      {1, OUTCOME_REGISTERED, {outcomeNamed, outcomeNamed}},
      {1, FIRST_PRODUCT_RECOGNIZED, {firstProductRecognized, firstProductRecognized}},
      {1, TRADE_SECRET_COMMITTED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
