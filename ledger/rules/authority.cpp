#include "ledger/rules/authority.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "events/identifiers.h"
#include "events/reference.h"
#include "ledger/rules/editions.h"

namespace pilotledger::ledger {
namespace {

constexpr std::string_view kLogRole = "LOG";

Error notAuthorized(std::string en, std::string zh) {
  Error error = makeError(ErrorCode::NotAuthorized, std::move(en), std::move(zh));
  error.rule = "R-AUTHORITY";
  return error;
}

// The signer holds the role, and as an authority is competent where the event belongs. `places` as placesOf() says.
bool isCompetent(const RuleContext& context, const Signer& signer, const std::string& role,
                 const std::vector<std::string>& places) {
  if (role == "ANY") return true;
  if (!signer.hasRole(role)) return false;
  if (!isAuthorityRole(role)) return true;
  if (context.edition >= 2) return coversAll(signer, places);
  std::string_view jurisdiction = context.event.reader().getJurisdiction().cStr();
  if (signer.division.empty() || jurisdiction.empty()) return true;
  return events::divisionCovers(signer.division, jurisdiction);
}

// The record names the party in that role: "party.ROLE", or "party.any", which fits every role.
bool namesParty(const EntityRecord& record, std::string_view role, std::string_view party) {
  auto fits = [&](std::string_view name) {
    if (!name.starts_with("party.")) return false;
    name.remove_prefix(6);
    return role == "ANY" || name == "any" ||
           std::equal(name.begin(), name.end(), role.begin(), role.end(),
                      [](char lower, char upper) { return lower == (upper | 32); });
  };
  return std::any_of(record.attributes().begin(), record.attributes().end(),
                     [&](const auto& attribute) { return attribute.value == party && fits(attribute.name); });
}

// Who can give a signature that a term asks for: a competent signer whom `named` says yes to.
template <typename Named>
bool signedBy(const RuleContext& context, const events::SignerTerm& term, const std::vector<std::string>& places,
              const Named& named) {
  return std::any_of(context.signers.begin(), context.signers.end(), [&](const Signer& signer) {
    return isCompetent(context, signer, term.role, places) && named(signer.party);
  });
}

Result<bool> covered(RuleContext& context, const events::SignerTerm& term, const std::vector<std::string>& places) {
  if (term.field.empty()) return signedBy(context, term, places, [](const std::string&) { return true; });
  auto values = events::textsAt(context.event, term.path);
  for (const std::string& value : values) {
    if (term.entityKind.empty()) {
      if (!signedBy(context, term, places, [&](const std::string& party) { return party == value; })) return false;
      continue;
    }
    PL_TRY(const EntityRecord* record, context.find(term.entityKind, value));
    if (record == nullptr || !signedBy(context, term, places,
                                       [&](const std::string& party) { return namesParty(*record, term.role, party); }))
      return false;
  }
  return !values.empty();
}

// The parties that can give the signature a term asks for, by what the field holds; empty: nobody can.
Result<std::vector<std::string>> partiesFor(RuleContext& context, const events::SignerTerm& term,
                                            const std::string& value) {
  if (term.entityKind.empty()) return std::vector<std::string>{value};
  std::vector<std::string> parties;
  PL_TRY(const EntityRecord* record, context.find(term.entityKind, value));
  if (record == nullptr) return parties;
  for (const auto& attribute : record->attributes()) {
    std::string party(attribute.value);
    if (namesParty(*record, term.role, party) && std::find(parties.begin(), parties.end(), party) == parties.end())
      parties.push_back(std::move(party));
  }
  return parties;
}

// Adds what the term lacks to the way; false when nobody could give it.
Result<bool> addLacking(RuleContext& context, const events::SignerTerm& term, const std::vector<std::string>& places,
                        OpenWay& way) {
  const std::vector<std::string> competence = isAuthorityRole(term.role) ? places : std::vector<std::string>();
  if (term.field.empty()) {
    bool there = signedBy(context, term, places, [](const std::string&) { return true; });
    way.started = way.started || there;
    if (!there) way.lacking.push_back({term.role, {}, competence, {}});
    return true;
  }
  auto values = events::textsAt(context.event, term.path);
  for (const std::string& value : values) {
    PL_TRY(std::vector<std::string> parties, partiesFor(context, term, value));
    if (parties.empty()) return false;
    bool there = signedBy(context, term, places, [&](const std::string& party) {
      return std::find(parties.begin(), parties.end(), party) != parties.end();
    });
    way.started = way.started || there;
    LackingTerm lacking{term.role, std::move(parties), competence, {}};
    bool known = std::find(way.lacking.begin(), way.lacking.end(), lacking) != way.lacking.end();
    if (!there && !known) way.lacking.push_back(std::move(lacking));
  }
  return !values.empty();
}

std::string dayOf(std::int64_t day) { return day == 0 ? "" : events::formatCivilDate(static_cast<std::int32_t>(day)); }

std::string describe(std::span<const Signer> signers) {
  std::string text;
  for (const Signer& signer : signers) {
    if (!text.empty()) text += " + ";
    text += fmt::format("{}", fmt::join(signer.roles, ","));
    if (!signer.party.empty()) text += " of " + signer.party;
    if (!signer.division.empty()) text += " (" + signer.division + ")";
  }
  return text;
}

}  // namespace

Result<std::optional<events::Event>> takenBackBy(const RuleContext& context) {
  auto body = context.body();
  if (!body.isEventReversed() && !body.isEventCorrected()) return std::optional<events::Event>();
  auto target = body.isEventReversed() ? body.getEventReversed().getTarget() : body.getEventCorrected().getTarget();
  EventId id{};
  if (target.size() != id.size()) return std::optional<events::Event>();
  std::copy(target.begin(), target.end(), id.begin());
  return context.world.event(id);
}

bool isAuthorityRole(std::string_view role) {
  static constexpr std::array<std::string_view, 5> kRoles = {"EIT", "TRS", "SCI", "MKT", "REG"};
  return std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
}

namespace {

bool actsForDivision(const Signer& signer) {
  return std::any_of(signer.roles.begin(), signer.roles.end(), isAuthorityRole);
}

}  // namespace

bool isOffice(const Signer& signer) { return signer.hasRole("AUD") || actsForDivision(signer); }

std::string placeOf(const RuleContext& context) {
  if (context.edition < 3) return {};
  if (std::string_view own = context.event.reader().getJurisdiction().cStr(); !own.empty()) return std::string(own);
  for (const Signer& signer : context.signers) {
    if (actsForDivision(signer)) return signer.division;
  }
  return {};
}

namespace {

// A treasury to which part of the award was passed on pays it out where it is at home.
Result<bool> passedToSigner(RuleContext& context, std::string_view award) {
  for (const Signer& signer : context.signers) {
    PL_TRY(const EntityRecord* passage, context.find("passage", fmt::format("{}/{}", award, signer.party)));
    if (signer.hasRole("TRS") && passage != nullptr && passage->number("passed") > 0) return true;
  }
  return false;
}

// Where the thing belongs: where it was first recorded, else where its owners are registered.
Status addPlaces(RuleContext& context, const events::NamedEntity& named, std::vector<std::string>& places) {
  PL_TRY(const EntityRecord* record, context.world.find(named.key));
  if (record == nullptr || record->get("state") == "reversed") return {};
  if (std::string place(record->get("place")); !place.empty()) {
    PL_TRY(bool passed, named.kind == "award" ? passedToSigner(context, named.id()) : Result<bool>(false));
    if (!passed) places.push_back(std::move(place));
    return {};
  }
  std::vector<std::string> owners;
  for (std::string_view owner : record->all("party.own")) owners.emplace_back(owner);
  for (const std::string& owner : owners) {
    PL_TRY(const EntityRecord* party, context.find("party", owner));
    if (party != nullptr && party->has("division")) places.emplace_back(party->get("division"));
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> placesOf(RuleContext& context) {
  std::vector<std::string> places;
  if (std::string_view own = context.event.reader().getJurisdiction().cStr(); !own.empty()) places.emplace_back(own);
  if (context.edition >= 3 && context.body().isPlatformEstablished()) {
    std::string_view there = context.body().getPlatformEstablished().getDivision().cStr();
    if (!there.empty()) places.emplace_back(there);
  }
  if (context.body().isPolicyRuleSetPublished())
    places.emplace_back(context.body().getPolicyRuleSetPublished().getJurisdiction().cStr());
  for (const auto& named : events::entitiesOf(context.event)) {
    // A platform is where its division says: who recognises it need not be who was there when it was founded.
    const bool thing =
        named.kind != "party" && named.kind != "key" && named.kind != "event" && named.kind != "platform";
    if (context.edition >= 3 && named.mode != events::EntityMode::Touch && thing)
      PL_CHECK(addPlaces(context, named, places));
    if (named.kind != "platform") continue;
    PL_TRY(const EntityRecord* platform, context.world.find(named.key));
    if (platform != nullptr && platform->has("division")) places.emplace_back(platform->get("division"));
  }
  std::vector<std::string> distinct;
  for (std::string& place : places) {
    if (std::find(distinct.begin(), distinct.end(), place) == distinct.end()) distinct.push_back(std::move(place));
  }
  return distinct;
}

bool coversAll(const Signer& signer, const std::vector<std::string>& places) {
  return !signer.division.empty() && std::all_of(places.begin(), places.end(), [&](const std::string& place) {
    return events::divisionCovers(signer.division, place);
  });
}

std::string keyEntityId(const crypto::VerifyKey& key) { return fmt::format("{}+{}", key.name(), key.idHex()); }

Error keyNotBound(std::string_view keyName) {
  return notAuthorized(fmt::format("key {} is not bound to any party in this ledger; record a KeyBound first", keyName),
                       fmt::format("密钥 {} 未在本账本绑定，请先记录 KeyBound", keyName));
}

std::optional<Signer> resolveLogKey(const crypto::VerifyKey& inForce, std::string_view keyName, std::uint64_t index,
                                    const std::string& operatorParty) {
  if (keyName != keyEntityId(inForce)) return std::nullopt;
  Signer signer;
  signer.key = keyName;
  signer.founding = index == 0;
  if (signer.founding) signer.party = operatorParty;
  signer.roles.emplace_back(signer.founding ? "OPR" : kLogRole);
  return signer;
}

namespace {

// A key falls with the key that bound it, when that one was in the wrong hands by then.
Status requireSoundChain(EntityOverlay& world, std::string_view keyName, const EntityRecord& bound) {
  constexpr int kMostLinks = 64;
  std::string by(bound.get("bound.by"));
  std::int64_t on = bound.number("bound.on");
  for (int link = 0; link < kMostLinks && !by.empty(); ++link) {
    PL_TRY(const EntityRecord* binder, world.find(entityKey("key", by)));
    if (binder == nullptr) return {};  // the log key, which no event binds
    std::int64_t since = binder->number("compromised.since");
    if (binder->get("state") == "revoked" && since != 0 && on >= since) {
      return notAuthorized(
          fmt::format("key {} was bound by {}, which was compromised since {}; it must be bound again", keyName, by,
                      dayOf(since)),
          fmt::format("密钥 {} 由已泄露的密钥 {} 绑定（自 {} 起），须重新绑定", keyName, by, dayOf(since)));
    }
    on = binder->number("bound.on");
    by = binder->get("bound.by");
  }
  if (!by.empty()) {
    return notAuthorized(fmt::format("key {} hangs on more than {} bindings, one by the other", keyName, kMostLinks),
                         fmt::format("密钥 {} 的绑定链超过 {} 级", keyName, kMostLinks));
  }
  return {};
}

}  // namespace

Result<Signer> resolveSigner(const LogContext& log, EntityOverlay& world, std::string_view keyName,
                             std::int32_t recordedOn) {
  PL_TRY(const EntityRecord* record, world.find(entityKey("key", keyName)));
  if (record == nullptr) return keyNotBound(keyName);
  if (record->get("state") != "active") {
    return notAuthorized(fmt::format("key {} is {}", keyName, record->get("state")),
                         fmt::format("密钥 {} 已吊销", keyName));
  }
  std::int64_t from = record->number("valid.from");
  std::int64_t to = record->number("valid.to");
  if ((from != 0 && recordedOn < from) || (to != 0 && recordedOn > to)) {
    return notAuthorized(
        fmt::format("key {} is valid {}..{}, not on {}", keyName, dayOf(from), dayOf(to), dayOf(recordedOn)),
        fmt::format("密钥 {} 有效期为 {} 至 {}，{} 不在其内", keyName, dayOf(from), dayOf(to), dayOf(recordedOn)));
  }
  Signer signer;
  signer.key = keyName;
  signer.validTo = static_cast<std::int32_t>(to);
  signer.used = record->has("used");
  signer.party = record->get("party.any");
  for (std::string_view role : record->all("role")) signer.roles.emplace_back(role);
  signer.level = record->get("level");
  signer.division = record->get("division");
  if (record->has("bound.by")) {
    EntityRecord bound = *record;  // what find() gives is good until the next look-up
    PL_TRY(int edition, editionInForce(log, world));
    if (edition >= 2) PL_CHECK(requireSoundChain(world, keyName, bound));
  }
  PL_TRY(const EntityRecord* party, world.find(entityKey("party", signer.party)));
  if (party != nullptr && party->get("state") == "suspended") {
    return notAuthorized(
        fmt::format("party {} is suspended; its keys sign nothing until it is active again", signer.party),
        fmt::format("主体 {} 已暂停，恢复前其密钥不得签署", signer.party));
  }
  return signer;
}

namespace {

bool asksFor(const events::SignerRule& rule, std::string_view role) {
  return std::any_of(rule.begin(), rule.end(), [&](const auto& alternative) {
    return std::any_of(alternative.begin(), alternative.end(),
                       [&](const events::SignerTerm& term) { return term.role == role; });
  });
}

}  // namespace

Status requireNamedLog(int edition, const proof::LedgerName& meant) {
  if (edition < 2 || !meant.foundingKey.empty()) return {};
  return notAuthorized(
      fmt::format("signed for any ledger named {} (submission v1); sign it again, for this one", meant.origin),
      fmt::format("该签名适用于任何名为“{}”的账本（submission v1），请重新为本账本签署", meant.origin));
}

Result<std::vector<OpenWay>> openWays(RuleContext& context) {
  PL_TRY(std::optional<events::Event> target, takenBackBy(context));
  if (target) {
    RuleContext inner{context.log, context.edition, context.world, *target, context.signers, context.recordedOn, true};
    return openWays(inner);
  }
  std::vector<std::string> places;
  if (context.edition >= 2) {
    PL_TRY(places, placesOf(context));
  }
  std::vector<OpenWay> ways;
  for (const auto& alternative : context.event.kind().signersOf(context.edition).rule) {
    OpenWay way;
    bool possible = true;
    for (const auto& term : alternative) {
      PL_TRY(bool fillable, addLacking(context, term, places, way));
      possible = possible && fillable;
    }
    if (possible) ways.push_back(std::move(way));
  }
  return ways;
}

Status requireAuthority(RuleContext& context) {
  const events::Kind& kind = context.event.kind();
  const events::SignersIn& required = kind.signersOf(context.edition);
  // No entry binds the log key, so what it signs beside others could not be proven.
  if (anySigner(context.signers, kLogRole) && !asksFor(required.rule, kLogRole)) {
    return notAuthorized("the log key signs nothing but the change of the log key", "日志密钥只签署其自身的轮换");
  }
  bool sourced = context.event.reader().getSource().size() > 0;
  // `source` marks what an importer took from a public list, so that no other key can pass its
  // record off as such, and an importer can reverse only what importers recorded.
  if (context.imported() && kind.importable) return {};
  if (sourced) {
    return notAuthorized("only a key with role IMP records an event with a source", "仅导入角色（IMP）可填写资料来源");
  }
  std::vector<std::string> places;  // matter to authorities only, and cost a look at every record that is named
  if (context.edition >= 2 && std::any_of(context.signers.begin(), context.signers.end(), actsForDivision)) {
    PL_TRY(places, placesOf(context));
  }
  for (const auto& alternative : required.rule) {
    bool all = true;
    for (const auto& term : alternative) {
      PL_TRY(bool good, covered(context, term, places));
      all = all && good;
    }
    if (all) return {};
  }
  Error error = notAuthorized(fmt::format("{} must be signed by {}", kind.name, required.text),
                              fmt::format("{}须由 {} 签署", kind.label.zh, required.text));
  error.expected = required.text;
  error.found = describe(context.signers);
  bool elsewhere = std::any_of(context.signers.begin(), context.signers.end(), [&](const Signer& signer) {
    return actsForDivision(signer) && !coversAll(signer, places);
  });
  if (elsewhere && !places.empty()) error.found += fmt::format("; the event belongs to {}", fmt::join(places, ", "));
  return error;
}

}  // namespace pilotledger::ledger
