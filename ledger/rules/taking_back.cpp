// What is said about entries: taken back, corrected, attested, disputed, erased.
#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "events/identifiers.h"
#include "events/reference.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/key.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

EventId idOf(capnp::Data::Reader data) {
  EventId id{};
  std::copy(data.begin(), data.end(), id.begin());
  return id;
}

Status takeBack(RuleContext& context, const EventId& target) {
  PL_TRY(std::optional<events::Event> original, context.world.event(target));
  PL_ASSERT(original.has_value());  // `need event`
  Rule rule = ruleOf(original->kind(), context.edition);
  if (rule.undo == nullptr) {
    return refusal("R-REVERSAL-KIND", entityKey("event", events::formatUuid(target)), "a kind that can be taken back",
                   original->kind().name,
                   fmt::format("{} cannot be taken back; record what followed instead", original->kind().name),
                   fmt::format("{}不能冲销或更正，请记录后续事项", original->kind().label.zh));
  }
  RuleContext inner{context.log, context.edition, context.world, *original, context.signers, context.recordedOn, true};
  PL_CHECK(requireAuthority(inner));
  return rule.undo(inner);
}

}  // namespace

Status eventReversed(RuleContext& context) {
  return takeBack(context, idOf(context.body().getEventReversed().getTarget()));
}

Status eventCorrected(RuleContext& context) {
  auto body = context.body().getEventCorrected();
  EventId replacement = idOf(body.getReplacement());
  PL_TRY(std::optional<events::Event> there, context.world.event(replacement));
  if (there || idOf(body.getTarget()) == replacement) {
    return refusal("R-REPLACEMENT", entityKey("event", events::formatUuid(replacement)),
                   "an event still to be recorded", "recorded",
                   "the replacement follows its correction: record it after, with this id",
                   "更正后的事件须在更正之后以该编号记录");
  }
  return takeBack(context, idOf(body.getTarget()));
}

namespace {

// A field of these, at any depth, holds this very value.
bool holds(events::StructView view, const std::vector<events::Field>& fields, std::string_view value) {
  for (const events::Field& field : fields) {
    bool found = false;
    if (field.element != nullptr) {
      auto inside = [&](events::StructView element) { found = found || holds(element, field.element->fields, value); };
      if (field.isList) view.eachStruct(field, inside);
      else if (view.has(field)) inside(view.child(field));
    } else if (field.type == capnp::schema::Type::DATA && !field.isList) {
      found = view.scalar(field).bytes == value;
    }
    if (found) return true;
  }
  return false;
}

// The event names the party, or something that belongs to it.
Result<bool> concerns(RuleContext& context, const events::Event& event, std::string_view party) {
  for (const auto& named : events::entitiesOf(event)) {
    if (named.kind == "event") continue;
    if (named.key == entityKey("party", party)) return true;
    PL_TRY(const EntityRecord* record, context.world.find(named.key));
    if (record == nullptr) continue;
    for (const auto& attribute : record->attributes()) {
      if (attribute.name.starts_with("party.") && attribute.value == party) return true;
    }
  }
  return false;
}

// Whether the signer's attestation counts in this edition; from the second on an authority's where the event belongs,
// and nobody's in his own cause.
Result<bool> mayAttest(RuleContext& context, const events::Event& target, const Signer& signer) {
  const auto& roles = target.kind().attesters;
  if (std::none_of(roles.begin(), roles.end(), [&](const std::string& role) { return signer.hasRole(role); }))
    return false;
  if (context.edition < 2) return true;
  PL_TRY(bool own, concerns(context, target, signer.party));
  if (own) {
    return refusal("R-OWN-CAUSE", entityKey("event", events::formatUuid(target.id())), "another party", signer.party,
                   "a party does not attest an event that names it", "主体不得确认涉及自身的事件");
  }
  RuleContext inner{context.log, context.edition, context.world, target, context.signers, context.recordedOn};
  PL_TRY(std::vector<std::string> places, placesOf(inner));
  bool authority = std::any_of(roles.begin(), roles.end(),
                               [&](const std::string& role) { return isAuthorityRole(role) && signer.hasRole(role); });
  if (!authority || coversAll(signer, places)) return true;
  return refusal("R-JURISDICTION", entityKey("event", events::formatUuid(target.id())),
                 fmt::format("an authority for {}", fmt::join(places, ", ")), signer.division,
                 "the event belongs to another division", "该事件不属于其管辖区划");
}

}  // namespace

// An authority raises the assurance of what it is competent for.
Status attested(RuleContext& context) {
  EventId target = idOf(context.body().getAttested().getTarget());
  std::string id = events::formatUuid(target);
  std::string entity = entityKey("event", id);
  PL_TRY(std::optional<events::Event> original, context.world.event(target));
  PL_TRY(const EntityRecord* reversal, context.find("reversal", id));
  if (reversal != nullptr) {
    return refusal("R-ATTESTED-STATE", entity, "an event that stands", "taken back",
                   "what was taken back cannot be attested", "已冲销的事件不能再确认");
  }
  std::vector<std::string> attesters;
  for (const Signer& signer : context.signers) {
    PL_TRY(bool good, mayAttest(context, *original, signer));
    if (good) attesters.push_back(signer.party);
  }
  PL_TRY(EntityRecord * attestation, context.edit("attestation", events::formatUuid(context.event.id())));
  attestation->set("state", "recorded");
  for (const std::string& party : attesters) attestation->insert("party.any", party);
  if (!attesters.empty()) return {};
  const auto& roles = original->kind().attesters;
  return refusal("R-ATTESTER", entity, fmt::format("{}", fmt::join(roles, " / ")), "another role",
                 fmt::format("{} is attested by {}", original->kind().name, fmt::join(roles, " / ")),
                 fmt::format("{}须由 {} 确认", original->kind().label.zh, fmt::join(roles, " / ")));
}

Status attestedUndo(RuleContext& context) {
  std::string id = events::formatUuid(context.event.id());
  PL_TRY(EntityRecord * attestation, context.edit("attestation", id));
  for (const Signer& signer : context.signers) {
    if (!attestation->contains("party.any", signer.party)) continue;
    attestation->set("state", "reversed");
    return {};
  }
  return refusal("R-ATTESTER", entityKey("attestation", id), std::string(attestation->get("party.any")),
                 "another party", "only who attested takes it back", "仅确认机构可撤回其确认");
}

Status disputeRaised(RuleContext& context) {
  auto body = context.body().getDisputeRaised();
  PL_TRY(EntityRecord * dispute, context.edit("dispute", body.getDispute().cStr()));
  dispute->set("state", "raised");
  dispute->set("party.any", body.getParty().cStr());
  return {};
}

Status disputeResolved(RuleContext& context) {
  auto body = context.body().getDisputeResolved();
  std::string id = body.getDispute().cStr();
  PL_TRY(EntityRecord * dispute, context.edit("dispute", id));
  return moveState(context, *dispute, entityKey("dispute", id), "R-DISPUTE-STATE", "raised", "resolved");
}

// What is erased is off the log: the salt behind a commitment. An event that is named must hold it.
Status personalDataErased(RuleContext& context) {
  auto body = context.body().getPersonalDataErased();
  if (body.getEvent().size() > 0) {
    PL_TRY(std::optional<events::Event> holder, context.world.event(idOf(body.getEvent())));
    auto commitment = body.getCommitment();
    std::string_view value(reinterpret_cast<const char*>(commitment.begin()), commitment.size());
    if (!holds(holder->body(), holder->kind().body->fields, value)) {
      return refusal("R-ERASURE", entityKey("event", events::formatUuid(idOf(body.getEvent()))),
                     "an event with this commitment", holder->kind().name + " without it",
                     "the event does not hold the commitment", "所指事件不含该承诺值");
    }
  }
  return recorded(context);
}

std::span<const RuleRow> takingBackRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, EVENT_REVERSED, {eventReversed, nullptr}},
      {1, EVENT_CORRECTED, {eventCorrected, nullptr}},
      {1, ATTESTED, {attested, attestedUndo}},
      {1, DISPUTE_RAISED, {disputeRaised, nullptr}},
      {1, DISPUTE_RESOLVED, {disputeResolved, disputeResolved}},
      {1, PERSONAL_DATA_ERASED, {personalDataErased, nullptr}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
