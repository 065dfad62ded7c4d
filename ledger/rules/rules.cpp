#include "ledger/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/money.h"
#include "events/reference.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {

namespace {

using Rules = std::vector<std::optional<Rule>>;  // by kind

// Of each edition, the first at [0]: the rows of that edition over those before it.
std::vector<Rules> rulesByEdition() {
  std::vector<Rules> all(kNewestEdition, Rules(events::kinds().size()));
  for (auto table :
       {rules::assetRules(), rules::auditRules(), rules::financeRules(), rules::governanceRules(), rules::ipRules(),
        rules::keyRules(), rules::listedLedgerRules(), rules::nodeRules(), rules::operationRules(), rules::pilotRules(),
        rules::platformRules(), rules::pledgeRules(), rules::revenueRules(), rules::subsidyRules(),
        rules::takingBackRules(), rules::technologyRules(), rules::voucherRules()}) {
    for (const RuleRow& row : table) {
      auto kind = static_cast<std::size_t>(row.kind);
      for (std::size_t i = static_cast<std::size_t>(row.edition) - 1; i < all.size(); ++i) {
        all[i][kind] = row.rule;
      }
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const events::Kind& kind : events::kinds())
      PL_ASSERT(all[i][kind.discriminant].has_value() == (kind.since <= static_cast<int>(i) + 1));
  }
  return all;
}

}  // namespace

Rule ruleOf(const events::Kind& kind, int edition) {
  static const std::vector<Rules> all = rulesByEdition();
  PL_ASSERT(edition >= 1 && edition <= kNewestEdition);
  return *all[static_cast<std::size_t>(edition) - 1][kind.discriminant];
}

bool Signer::hasRole(std::string_view role) const { return std::find(roles.begin(), roles.end(), role) != roles.end(); }

bool anySigner(std::span<const Signer> signers, std::string_view role) {
  return std::any_of(signers.begin(), signers.end(), [&](const Signer& signer) { return signer.hasRole(role); });
}

Error refusal(std::string rule, std::string entity, std::string expected, std::string found, std::string en,
              std::string zh) {
  Error error = makeError(ErrorCode::Refused, std::move(en), std::move(zh));
  error.rule = std::move(rule);
  error.entity = std::move(entity);
  error.expected = std::move(expected);
  error.found = std::move(found);
  return error;
}

std::string moneyText(std::int64_t minor, std::uint16_t currency) {
  return fmt::format("{} {}", events::formatMoney(minor, currency), events::currencyAlpha(currency));
}

std::string currencyCode(const events::Event& event) {
  return std::string(events::currencyAlpha(event.reader().getCurrency()));
}

Status requireCurrency(RuleContext& context, EntityRecord& record, std::string_view entity) {
  std::string mine = currencyCode(context.event);
  if (!record.has("currency")) {
    record.set("currency", mine);
  } else if (record.get("currency") != mine) {
    return refusal("R-CURRENCY", std::string(entity), std::string(record.get("currency")), mine,
                   "an entity keeps the currency of its first amount", "同一对象的金额必须使用同一币种");
  }
  return {};
}

Status requirePositive(std::int64_t amount, std::uint16_t currency, std::string_view entity) {
  if (amount > 0) return {};
  return refusal("R-POSITIVE", std::string(entity), "> 0", moneyText(amount, currency),
                 "the amount must be positive; take money back with a reversal", "金额必须为正；退回请用冲销");
}

Status requireState(const EntityRecord& record, const std::string& entity, std::string_view rule,
                    std::string_view states) {
  std::string_view now = record.get("state");
  for (std::string_view rest = states; !rest.empty();) {
    std::size_t end = std::min(rest.find('|'), rest.size());
    if (rest.substr(0, end) == now) return {};
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return refusal(std::string(rule), entity, std::string(states), now.empty() ? "no state" : std::string(now),
                 "this cannot follow from the state it is in", "当前状态不允许该事项");
}

Status requireNotWithdrawn(RuleContext& context, std::string_view id) {
  PL_TRY(const EntityRecord* platform, context.find("platform", id));
  if (platform == nullptr || platform->get("state") != "withdrawn" ||
      context.event.legalDate() < platform->number("withdrawn.on"))
    return {};
  return refusal("R-WITHDRAWN", entityKey("platform", id), "a platform that has not withdrawn",
                 fmt::format("withdrawn on {}",
                             events::formatCivilDate(static_cast<std::int32_t>(platform->number("withdrawn.on")))),
                 "the platform has withdrawn", "该平台已退出");
}

// state.before: "<state>@<event that ended it>" for each move, newest first, so that moves are taken
// back in the order in which they came, the last one first.
void enterState(RuleContext& context, EntityRecord& record, std::string_view after) {
  std::string moves = fmt::format("{}@{}", record.get("state"), events::formatUuid(context.event.id()));
  if (record.has("state.before")) moves += fmt::format(" {}", record.get("state.before"));
  record.set("state.before", moves);
  record.set("state", after);
}

namespace {

Status leaveState(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule) {
  std::string moves(record.get("state.before"));
  std::string_view last = std::string_view(moves).substr(0, moves.find(' '));
  std::string_view state = last.substr(0, last.find('@'));
  std::string_view event = last.substr(std::min(last.size(), state.size() + 1));
  std::string mine = events::formatUuid(context.event.id());
  if (event != mine) {
    return refusal(std::string(rule), entity, fmt::format("the event that led to {}", record.get("state")), mine,
                   "another event moved the state since; take that back first", "此后状态另有变更，请先冲销后续记录");
  }
  record.set("state", state);
  record.set("state.before", std::string_view(moves).substr(std::min(moves.size(), last.size() + 1)));
  return {};
}

}  // namespace

Status moveState(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule,
                 std::string_view before, std::string_view after) {
  PL_CHECK(requireState(record, entity, rule, context.undoing ? after : before));
  if (!context.undoing) {
    enterState(context, record, after);
    return {};
  }
  if (record.has("state.before")) return leaveState(context, record, entity, rule);
  record.set("state", before);  // the event opened the entity
  return {};
}

Status moveAmount(RuleContext& context, EntityRecord& record, const std::string& entity, std::string_view rule,
                  std::string_view attribute, std::int64_t amount, std::int64_t limit, std::string_view limitName) {
  PL_CHECK(requirePositive(amount, context.currency(), entity));
  PL_CHECK(record.add(attribute, context.change(amount)));
  std::int64_t now = record.number(attribute);
  if (now >= 0 && now <= limit) return {};
  return refusal(std::string(rule), entity,
                 fmt::format("{} <= {} {}", attribute, limitName, moneyText(limit, context.currency())),
                 moneyText(now, context.currency()), fmt::format("{} may not exceed {}", attribute, limitName),
                 fmt::format("{} 累计不得超过 {}", attribute, limitName));
}

namespace rules {
namespace {

// Every amount that the kind requires is positive.
Status requireAmounts(const RuleContext& context) {
  events::StructView body = context.event.body();
  for (const events::Field& field : context.event.kind().body->fields) {
    if (field.format != events::Format::Money || !field.required || field.isList) continue;
    PL_CHECK(
        requirePositive(body.scalar(field).number, context.currency(), context.event.kind().name + "." + field.name));
  }
  return {};
}

void nameParties(const RuleContext& context, EntityRecord& record) {
  const events::Event& event = context.event;
  for (const auto& alternative : event.kind().signersOf(context.edition).rule) {
    for (const auto& term : alternative) {
      if (term.field.empty() || !term.entityKind.empty()) continue;
      std::string attribute = "party.";
      for (char c : term.role) attribute += static_cast<char>(c | 32);
      for (const std::string& party : events::textsAt(event, term.path)) record.insert(attribute, party);
    }
  }
}

}  // namespace

Status recorded(RuleContext& context) {
  PL_CHECK(requireAmounts(context));
  for (const auto& named : events::entitiesOf(context.event)) {
    if (named.mode != events::EntityMode::Open) continue;
    PL_TRY(EntityRecord * record, context.world.edit(named.key));
    if (context.undoing) {
      PL_CHECK(requireState(*record, named.key, "R-REVERSAL-STATE", "recorded"));
      record->set("state", "reversed");
    } else {
      record->set("state", "recorded");
      nameParties(context, *record);
    }
  }
  return {};
}

}  // namespace rules

}  // namespace pilotledger::ledger
