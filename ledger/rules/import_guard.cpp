#include "ledger/rules/import_guard.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pilotledger::ledger {
namespace {

// What a register is asked for again and again, and nobody's state: the newest word counts.
bool isObservation(std::string_view attribute) {
  static constexpr std::array<std::string_view, 3> kObservations = {"last.status", "fee.paid-to", "identity"};
  return std::find(kObservations.begin(), kObservations.end(), attribute) != kObservations.end();
}

// Sums up what was said about a thing, so another word changes it; a negative one is a finding (S28).
bool isCount(std::string_view attribute) {
  static constexpr std::array<std::string_view, 6> kCounts = {"spent",        "claimed", "runs",
                                                              "batches.done", "named",   "licences"};
  return std::find(kCounts.begin(), kCounts.end(), attribute) != kCounts.end();
}

// The first attribute of `before` that `after` lacks or has otherwise; empty when everything is still there.
std::string_view firstChanged(const EntityRecord& before, const EntityRecord& after) {
  for (const auto& attribute : before.attributes()) {
    if (isObservation(attribute.name) || after.contains(attribute.name, attribute.value)) continue;
    if (!isCount(attribute.name)) return attribute.name;
  }
  return {};
}

// From edition 3 on: what is new in `after` besides. An amount that was not there before takes from a limit, a member
// of a set decides with the others: that is acting too.
std::string_view firstAdded(const EntityRecord& before, const EntityRecord& after) {
  for (const auto& attribute : after.attributes()) {
    if (isObservation(attribute.name) || isCount(attribute.name)) continue;
    if (!before.contains(attribute.name, attribute.value)) return attribute.name;
  }
  return {};
}

}  // namespace

Status ImportGuard::release(RuleContext& context) {
  EntityMap changes = trial_.takeChanges();
  std::string first, what;  // of what may not change, by key: a refusal reads the same on every machine
  for (auto& [key, after] : changes) {
    PL_TRY(const EntityRecord* before, state_->find(key));
    if (before != nullptr && rules::displaces(context, key, *before)) continue;
    if (before == nullptr || before->trail().count == 0 || before->get("state") == "reversed") {
      after.set(kImported, "yes");
      continue;
    }
    std::string_view changed = before->has(kImported) ? std::string_view() : firstChanged(*before, after);
    if (changed.empty() && context.edition >= 3 && !before->has(kImported)) changed = firstAdded(*before, after);
    if (changed.empty() || (!first.empty() && first <= key)) continue;
    first = key;
    what = changed;
  }
  if (first.empty()) {
    state_->merge(std::move(changes));
    return {};
  }
  return refusal("R-IMPORT", first, fmt::format("{} as its parties recorded it", what),
                 fmt::format("{} of an importer", context.event.kind().name),
                 "an importer adds facts and never changes what the parties recorded themselves; record it as "
                 "RegisterObserved",
                 "导入者只补充事实，不改变当事方自行记录的状态；请以“登记簿记载”（RegisterObserved）记录");
}

}  // namespace pilotledger::ledger
