// Rights: recorded, observed, preserved; and whose word on them counts.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/rules/authority.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

std::string_view registerOf(std::string_view number) { return number.substr(0, 2); }

// Full term from the filing date, in years; 0 when it does not follow from the kind alone.
int termYears(schema::IpKind kind, std::int32_t filedOn) {
  if (kind == schema::IpKind::INVENTION) return 20;
  if (kind == schema::IpKind::UTILITY_MODEL) return 10;
  if (kind == schema::IpKind::DESIGN) return filedOn < 20210601 ? 10 : 15;
  return 0;
}

// The kind digit of a Chinese number: 1, 8 invention; 2, 9 utility model; 3 design.
bool kindAgrees(std::string_view number, schema::IpKind kind) {
  std::string_view digits = number.substr(2);
  char digit = digits.size() == 13 ? digits[4] : digits[2];
  switch (digit) {
    case '1':
    case '8': return kind == schema::IpKind::INVENTION || kind == schema::IpKind::APPLICATION;
    case '2':
    case '9': return kind == schema::IpKind::UTILITY_MODEL;
    default: return kind == schema::IpKind::DESIGN;
  }
}

}  // namespace

Status ipAssetRecorded(RuleContext& context) {
  auto body = context.body().getIpAssetRecorded();
  std::string number = body.getNumber().cStr();
  std::string entity = entityKey("ip", number);
  std::int32_t expires = body.getExpiresOn();
  if (registerOf(number) == "CN") {
    if (!kindAgrees(number, body.getKind())) {
      return refusal("R-IP-KIND", entity, "the kind its number says", std::string(events::enumCode(body.getKind())),
                     "the kind digit of the number says otherwise", "种类与专利号中的种类码不符");
    }
    int years = termYears(body.getKind(), body.getFiledOn());
    if (years > 0 && body.getFiledOn() != 0) {
      std::int32_t term = events::addMonths(body.getFiledOn(), years * 12);
      if (expires != 0 && expires != term) {
        return refusal("R-IP-TERM", entity, events::formatCivilDate(term), events::formatCivilDate(expires),
                       fmt::format("the term is {} years from filing", years),
                       fmt::format("期限为自申请日起 {} 年", years));
      }
      expires = term;
    }
  }
  PL_TRY(EntityRecord * asset, context.edit("ip", number));
  asset->set("state", "in-force");
  asset->set("kind", events::enumCode(body.getKind()));
  asset->set("register", registerOf(number));
  asset->set("grant", body.getGrantNumber().cStr());
  for (auto owner : body.getOwners()) asset->insert("party.own", owner.getParty().cStr());
  if (body.getFiledOn() != 0) asset->setNumber("filed", body.getFiledOn());
  if (body.getGrantedOn() != 0) asset->setNumber("granted", body.getGrantedOn());
  if (expires != 0) asset->setNumber("expires", expires);
  if (body.getGrantNumber().size() > 0) {
    PL_TRY(EntityRecord * alias, context.edit("ipalias", body.getGrantNumber().cStr()));
    alias->set("ip", number);
  }
  return {};
}

Status ipAssetRecordedUndo(RuleContext& context) {
  auto body = context.body().getIpAssetRecorded();
  std::string entity = entityKey("ip", body.getNumber().cStr());
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getNumber().cStr()));
  if (asset->has("pledge.any")) {
    return refusal("R-REVERSAL-STATE", entity, "no pledge names it", std::string(asset->get("pledge.any")),
                   "a pledge names this right", "已有质押合同涉及该权利");
  }
  asset->set("state", "reversed");
  if (body.getGrantNumber().size() > 0) {
    PL_TRY(EntityRecord * alias, context.edit("ipalias", body.getGrantNumber().cStr()));
    alias->set("state", "reversed");
  }
  return {};
}

namespace {

// Edition 3: several courts may preserve one right, and each preservation ends by itself. One that was noted without a
// reference, and the only one, also ends by whatever ends it.
void freeze(const RuleContext& context, EntityRecord& asset, std::string_view by) {
  if (context.edition >= 3) asset.insert("frozen", by);
  else asset.set("frozen", by);
}

void unfreeze(const RuleContext& context, EntityRecord& asset, std::string_view by) {
  const std::size_t count = asset.all("frozen").size();
  const bool alone = count == 1 && (by.empty() || asset.contains("frozen", "PP01"));
  if (context.edition < 3 || alone) asset.set("frozen", "");
  else asset.erase("frozen", by.empty() ? "PP01" : by);
}

}  // namespace

Status ipStatusObserved(RuleContext& context) {
  auto body = context.body().getIpStatusObserved();
  std::string_view code = body.getCode().cStr();
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getIp().cStr()));
  std::string_view reference = body.getReference().cStr();
  if (code == "PP01") freeze(context, *asset, reference.empty() ? "PP01" : reference);
  if (code == "PD01") unfreeze(context, *asset, reference);
  if (code == "IW01") asset->set("state", "invalidated");
  if (code == "CF01" || code == "CX01" || code == "AV01") asset->set("state", "ended");
  if (code == "RR01") asset->set("state", "in-force");
  // The gazette has no code for these two: the office tells the parties (CNIPA announcement 461).
  for (std::string_view contest : {"CN-INVALIDATION", "CN-TWIN-FILING"}) {
    if (code == contest) asset->insert("contested", contest);
    if (code == fmt::format("{}-ENDED", contest)) asset->erase("contested", contest);
  }
  if (body.getFeePaidTo() != 0) asset->setNumber("fee.paid-to", body.getFeePaidTo());
  asset->set("last.status", code);
  return {};
}

Status preservationNoted(RuleContext& context) {
  auto body = context.body().getPreservationNoted();
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getIp().cStr()));
  if (body.getLifted()) unfreeze(context, *asset, body.getCaseNo().cStr());
  else freeze(context, *asset, body.getCaseNo().cStr());
  return {};
}

Status registerObserved(RuleContext& context) {
  auto body = context.body().getRegisterObserved();
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getIp().cStr()));
  asset->insert("observed",
                fmt::format("{} {}", events::enumCode(body.getEntry()), events::formatUuid(context.event.id())));
  return {};
}

Status registerObservedUndo(RuleContext& context) {
  auto body = context.body().getRegisterObserved();
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getIp().cStr()));
  asset->erase("observed",
               fmt::format("{} {}", events::enumCode(body.getEntry()), events::formatUuid(context.event.id())));
  return {};
}

namespace {

// Edition 2: who has a stake in the right does not decide on it. A registrar, an auditor or an importer does.
Status requireNotOwnCause(RuleContext& context, std::string_view ip, std::string_view doing) {
  PL_TRY(const EntityRecord* asset, context.find("ip", ip));
  EntityRecord record = *asset;  // what find() gives is good until the next look-up
  std::vector<std::string> places;
  if (context.edition >= 3) {
    PL_TRY(places, placesOf(context));
  }
  auto impartial = [&](const Signer& signer) {
    bool registrar =
        (signer.hasRole("MKT") || signer.hasRole("REG")) && (context.edition < 3 || coversAll(signer, places));
    bool office = registrar || signer.hasRole("AUD") || (signer.hasRole("IMP") && context.imported());
    return office && !record.contains("party.own", signer.party);
  };
  if (std::any_of(context.signers.begin(), context.signers.end(), impartial)) return {};
  return refusal("R-OWN-CAUSE", entityKey("ip", ip), "a registrar, an authority or an auditor who is no owner",
                 std::string(doing), "an owner does not lift a preservation or restore its own right",
                 "权利人不得自行解除保全或恢复自身权利");
}

bool bySelf(const RuleContext& context) {
  return !context.imported() && !anySigner(context.signers, "REG") && !anySigner(context.signers, "MKT");
}

}  // namespace

Status ipStatusObserved2(RuleContext& context) {
  auto body = context.body().getIpStatusObserved();
  std::string_view code = body.getCode().cStr();
  const bool spelt = code.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == code.npos;
  if (context.edition >= 3 && !spelt) {
    return refusal("R-IP-CODE", entityKey("ip", body.getIp().cStr()), "capitals, digits and hyphens, as PP01",
                   std::string(code), "a code that is spelt otherwise would say nothing of the right",
                   "法律状态代码应按公报书写，如 PP01");
  }
  if (code == "PD01" || code == "RR01" || code.ends_with("-ENDED"))
    PL_CHECK(requireNotOwnCause(context, body.getIp().cStr(), code));
  return ipStatusObserved(context);
}

Status preservationNoted2(RuleContext& context) {
  auto body = context.body().getPreservationNoted();
  if (body.getLifted()) PL_CHECK(requireNotOwnCause(context, body.getIp().cStr(), "lifted"));
  return preservationNoted(context);
}

bool displaces(const RuleContext& context, std::string_view key, const EntityRecord& record) {
  if (context.edition < 2 || !context.body().isIpAssetRecorded() || bySelf(context)) return false;
  // Edition 3: a lender relies on the owner who pledged; only a registrar says that it was another.
  if (context.edition >= 3 && context.imported() && record.has("pledge.any")) return false;
  auto body = context.body().getIpAssetRecorded();
  std::string_view number = body.getNumber().cStr();
  if (key == entityKey("ipalias", body.getGrantNumber().cStr())) return record.get("ip") == number;
  return key == entityKey("ip", number) && record.get("claim") != "register" && record.has("party.own");
}

// Edition 2: a right that its claimant recorded alone gives way to what a register says of it, with both in its
// history.
Status ipAssetRecorded2(RuleContext& context) {
  std::string number = context.body().getIpAssetRecorded().getNumber().cStr();
  PL_TRY(EntityRecord * asset, context.edit("ip", number));
  std::string state(asset->get("state"));
  std::vector<std::string> before;
  for (std::string_view owner : asset->all("party.own")) before.emplace_back(owner);
  for (const std::string& owner : before) {
    asset->insert("displaced.own", owner);
    asset->erase("party.own", owner);
  }
  if (!before.empty() && asset->has("pledge.any")) asset->insert("contested", "OWNERSHIP");
  PL_CHECK(ipAssetRecorded(context));
  PL_TRY(asset, context.edit("ip", number));
  if (!before.empty()) asset->set("state", state);  // that it ended is another fact
  asset->set("claim", bySelf(context) ? "self" : "register");
  asset->set("claim.event", events::formatUuid(context.event.id()));
  return {};
}

Status ipAssetRecordedUndo2(RuleContext& context) {
  std::string number = context.body().getIpAssetRecorded().getNumber().cStr();
  PL_TRY(const EntityRecord* asset, context.find("ip", number));
  std::string mine = events::formatUuid(context.event.id());
  if (asset->has("claim.event") && asset->get("claim.event") != mine) {
    return refusal("R-REVERSAL-STATE", entityKey("ip", number),
                   fmt::format("the event it rests on, {}", asset->get("claim.event")), mine,
                   "a register's word has taken the place of this record", "该记录已被登记簿事实取代");
  }
  // Recorded anew, it would have shed what was said of it.
  bool burdened = asset->has("frozen") || asset->has("contested") || asset->get("state") != "in-force";
  bool registers = asset->get("claim") == "register" && bySelf(context);
  if (burdened || registers) {
    return refusal(
        "R-OWN-CAUSE", entityKey("ip", number),
        registers ? "the registrar, an authority or the importer" : "a right in force, neither frozen nor contested",
        registers ? "its owner" : fmt::format("{} {}", asset->get("state"), asset->get("frozen")),
        "what a register or others said of the right is not taken back with it",
        "登记簿或他人对该权利的记载不能随之冲销");
  }
  return ipAssetRecordedUndo(context);
}

std::span<const RuleRow> ipRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, IP_ASSET_RECORDED, {ipAssetRecorded, ipAssetRecordedUndo}},
      {2, IP_ASSET_RECORDED, {ipAssetRecorded2, ipAssetRecordedUndo2}},
      {1, IP_STATUS_OBSERVED, {ipStatusObserved, nullptr}},
      {2, IP_STATUS_OBSERVED, {ipStatusObserved2, nullptr}},
      {1, PRESERVATION_NOTED, {preservationNoted, nullptr}},
      {2, PRESERVATION_NOTED, {preservationNoted2, nullptr}},
      {1, REGISTER_OBSERVED, {registerObserved, registerObservedUndo}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
