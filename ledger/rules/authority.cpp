#include "ledger/rules/authority.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "events/identifiers.h"
#include "events/reference.h"

namespace pilotledger::ledger {
namespace {

constexpr std::string_view kLogRole = "LOG";

Error notAuthorized(std::string en, std::string zh) {
  Error error = makeError(ErrorCode::NotAuthorized, std::move(en), std::move(zh));
  error.rule = "R-AUTHORITY";
  return error;
}

bool isAuthorityRole(std::string_view role) {
  static constexpr std::array<std::string_view, 5> kRoles = {"EIT", "TRS", "SCI", "MKT", "REG"};
  return std::find(kRoles.begin(), kRoles.end(), role) != kRoles.end();
}

// The signer holds the role, and as an authority is competent where the event belongs.
bool isCompetent(const Signer& signer, const std::string& role, std::string_view jurisdiction) {
  if (role == "ANY") return true;
  if (!signer.hasRole(role)) return false;
  if (!isAuthorityRole(role) || signer.division.empty() || jurisdiction.empty()) return true;
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

Result<bool> covered(RuleContext& context, const events::SignerTerm& term) {
  std::string_view jurisdiction = context.event.reader().getJurisdiction().cStr();
  auto signedBy = [&](const auto& named) {
    return std::any_of(context.signers.begin(), context.signers.end(), [&](const Signer& signer) {
      return isCompetent(signer, term.role, jurisdiction) && named(signer.party);
    });
  };
  if (term.field.empty()) return signedBy([](const std::string&) { return true; });
  auto values = events::textsAt(context.event, term.path);
  for (const std::string& value : values) {
    if (term.entityKind.empty()) {
      if (!signedBy([&](const std::string& party) { return party == value; })) return false;
      continue;
    }
    PL_TRY(const EntityRecord* record, context.find(term.entityKind, value));
    if (record == nullptr || !signedBy([&](const std::string& party) { return namesParty(*record, term.role, party); }))
      return false;
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

std::string keyEntityId(const crypto::VerifyKey& key) { return fmt::format("{}+{}", key.name(), key.idHex()); }

std::optional<Signer> resolveLogKey(const crypto::VerifyKey& inForce, std::string_view keyName, std::uint64_t index,
                                    const std::string& operatorParty) {
  if (keyName != keyEntityId(inForce)) return std::nullopt;
  if (index == 0) return Signer{std::string(keyName), operatorParty, {"OPR"}, "", ""};
  return Signer{std::string(keyName), "", {std::string(kLogRole)}, "", ""};
}

Result<Signer> resolveSigner(EntityOverlay& world, std::string_view keyName, std::int32_t recordedOn) {
  PL_TRY(const EntityRecord* record, world.find(entityKey("key", keyName)));
  if (record == nullptr) {
    return notAuthorized(
        fmt::format("key {} is not bound to any party in this ledger; record a KeyBound first", keyName),
        fmt::format("密钥 {} 未在本账本绑定，请先记录 KeyBound", keyName));
  }
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
  signer.party = record->get("party.any");
  for (std::string_view role : record->all("role")) signer.roles.emplace_back(role);
  signer.level = record->get("level");
  signer.division = record->get("division");
  PL_TRY(const EntityRecord* party, world.find(entityKey("party", signer.party)));
  if (party != nullptr && party->get("state") == "suspended") {
    return notAuthorized(
        fmt::format("party {} is suspended; its keys sign nothing until it is active again", signer.party),
        fmt::format("主体 {} 已暂停，恢复前其密钥不得签署", signer.party));
  }
  return signer;
}

namespace {

bool asksFor(const events::Kind& kind, std::string_view role) {
  return std::any_of(kind.signers.begin(), kind.signers.end(), [&](const auto& alternative) {
    return std::any_of(alternative.begin(), alternative.end(),
                       [&](const events::SignerTerm& term) { return term.role == role; });
  });
}

}  // namespace

Status requireAuthority(RuleContext& context) {
  const events::Kind& kind = context.event.kind();
  // No entry binds the log key, so what it signs beside others could not be proven.
  if (anySigner(context.signers, kLogRole) && !asksFor(kind, kLogRole)) {
    return notAuthorized("the log key signs nothing but the change of the log key", "日志密钥只签署其自身的轮换");
  }
  bool sourced = context.event.reader().getSource().size() > 0;
  // `source` marks what an importer took from a public list, so that no other key can pass its
  // record off as such, and an importer can reverse only what importers recorded.
  if (context.imported() && kind.importable) return {};
  if (sourced) {
    return notAuthorized("only a key with role IMP records an event with a source", "仅导入角色（IMP）可填写资料来源");
  }
  for (const auto& alternative : kind.signers) {
    bool all = true;
    for (const auto& term : alternative) {
      PL_TRY(bool good, covered(context, term));
      all = all && good;
    }
    if (all) return {};
  }
  Error error = notAuthorized(fmt::format("{} must be signed by {}", kind.name, kind.signersText),
                              fmt::format("{}须由 {} 签署", kind.label.zh, kind.signersText));
  error.expected = kind.signersText;
  error.found = describe(context.signers);
  return error;
}

}  // namespace pilotledger::ledger
