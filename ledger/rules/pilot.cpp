// Pilot projects, runs and test reports. Failed runs are facts like any other.
#include <fmt/format.h>

#include "events/uuid.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

Status requireShare(std::int32_t bp, std::string_view field, const std::string& entity) {
  if (bp >= 0 && bp <= 10000) return {};
  return refusal("R-BASIS-POINTS", entity, "0..10000", std::to_string(bp),
                 fmt::format("{} is a share in basis points", field),
                 fmt::format("{} 应为 0 至 10000 基点", field));
}

}  // namespace

Status pilotProjectAccepted(RuleContext& context) {
  auto body = context.body().getPilotProjectAccepted();
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
  if (body.getStartedOn() != 0 && body.getFinishedOn() != 0 &&
      body.getFinishedOn() < body.getStartedOn()) {
    return refusal("R-DATES", entity, "started on <= finished on",
                   fmt::format("{}..{}", body.getStartedOn(), body.getFinishedOn()),
                   "the run ends before it begins", "运行结束日早于开始日");
  }
  if (body.getTrlBefore() > 9 || body.getTrlAfter() > 9) {
    return refusal("R-TRL", entity, "0..9", fmt::format("{} -> {}", body.getTrlBefore(), body.getTrlAfter()),
                   "technology readiness has nine levels", "技术就绪水平为 1 至 9 级");
  }
  PL_TRY(EntityRecord * project, context.edit("project", body.getProject().cStr()));
  std::string projectEntity = entityKey("project", body.getProject().cStr());
  if (project->get("platform") != std::string_view(body.getPlatform().cStr())) {
    return refusal("R-RUN-PLATFORM", projectEntity, std::string(project->get("platform")),
                   body.getPlatform().cStr(), "the project belongs to another platform", "该项目属于其他平台");
  }
  std::int64_t planned = project->number("batches.planned");
  std::int64_t done = project->number("batches.done") + body.getBatchesDone();
  if (planned > 0 && done > planned) {
    return refusal("R-BATCHES", projectEntity, fmt::format("<= {} batches planned", planned),
                   fmt::format("{} done", done), "more batches than the project planned",
                   "完成批次超过项目计划批次");
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
  PL_CHECK(project->add("batches.done", -static_cast<std::int64_t>(body.getBatchesDone())));
  PL_CHECK(project->add("runs", -1));
  PL_TRY(EntityRecord * run, context.edit("run", body.getRun().cStr()));
  run->set("state", "reversed");
  return {};
}

Status testReportIssued(RuleContext& context) {
  auto body = context.body().getTestReportIssued();
  PL_TRY(EntityRecord * report, context.edit("report", fmt::format("{}/{}", body.getLab().cStr(),
                                                                   body.getReportNo().cStr())));
  report->set("state", "issued");
  report->set("run", body.getRun().cStr());
  return {};
}

Status testReportIssuedUndo(RuleContext& context) {
  auto body = context.body().getTestReportIssued();
  PL_TRY(EntityRecord * report, context.edit("report", fmt::format("{}/{}", body.getLab().cStr(),
                                                                   body.getReportNo().cStr())));
  report->set("state", "reversed");
  return {};
}

}  // namespace pilotledger::ledger::rules
