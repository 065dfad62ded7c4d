// Intellectual property and pledges. Sources: Civil Code art. 440(5), 444; Measures for the
// Registration of Patent Pledges (CNIPA announcement 461): a Chinese patent already in pledge is
// not registered again, the debt term may not exceed the patent term. Other registers admit
// several pledges at once, so that rule hangs on the asset's register.
#include <fmt/format.h>

#include <algorithm>

#include "events/base/civil_date.h"
#include "events/base/uuid.h"
#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
namespace {

namespace schema = events::schema;

Status requireInForce(const EntityRecord& asset, const std::string& entity) {
  if (asset.get("state") != "in-force") {
    return refusal("R-IP-STATE", entity, "in-force", std::string(asset.get("state")),
                   "only a right in force can be pledged", "权利须处于有效状态");
  }
  if (asset.has("frozen")) {
    return refusal("R-IP-FROZEN", entity, "not under preservation", std::string(asset.get("frozen")),
                   "a court has frozen the right", "该权利已被保全，不予登记");
  }
  return {};
}

Status requireWithinTerm(const EntityRecord& asset, std::int32_t debtTo, const std::string& entity) {
  std::int64_t expires = asset.number("expires");
  if (expires == 0 || debtTo <= expires) return {};
  return refusal("R-PLEDGE-TERM", entity,
                 fmt::format("debt to <= {}", events::formatCivilDate(static_cast<std::int32_t>(expires))),
                 events::formatCivilDate(debtTo), "the debt outlives the right", "债务履行期限超过专利权有效期");
}

Status requireNotInPledge(const EntityRecord& asset, const std::string& entity) {
  if (asset.get("register") != "CN" || !asset.has("pledge.active")) return {};
  return refusal("R-SECOND-PLEDGE", entity, "no pledge in force", fmt::format("pledge {}", asset.get("pledge.active")),
                 "a patent in pledge cannot be pledged again before the release",
                 "该专利已办理质押登记且处于质押期内，不予重复登记");
}

// Civil Code 444: neither transfer nor licence without the consent of those who hold a pledge.
Status requirePledgeesConsent(RuleContext& context, const EntityRecord& asset, const std::string& entity) {
  for (std::string_view id : asset.all("pledge.active")) {
    PL_TRY(const EntityRecord* pledge, context.find("pledge", id));
    std::string pledgee(pledge->get("party.bnk"));
    bool consents = std::any_of(context.signers.begin(), context.signers.end(),
                                [&](const Signer& signer) { return signer.hasRole("BNK") && signer.party == pledgee; });
    if (consents || context.imported()) continue;
    return refusal("R-PLEDGEE-CONSENT", entity, fmt::format("the signature of pledgee {}", pledgee),
                   fmt::format("pledge {} in force", id),
                   "a right in pledge is not transferred or licensed without the pledgee",
                   "质押期间未经质权人同意不得转让或许可");
  }
  return {};
}

// The register asks again who owns the right: it may have been sold since the contract.
Status requirePledgorsOwn(const EntityRecord& pledge, const EntityRecord& asset, const std::string& entity) {
  for (std::string_view pledgor : pledge.all("party.own")) {
    if (asset.contains("party.own", pledgor)) continue;
    return refusal("R-PLEDGOR", entity, fmt::format("owned by pledgor {}", pledgor),
                   std::string(asset.get("party.own")), "the pledgor no longer owns the right",
                   "出质人已不是权利人，不予登记");
  }
  for (std::string_view owner : asset.all("party.own")) {
    if (pledge.contains("party.own", owner) || pledge.has("co-owners.agreed")) continue;
    return refusal("R-CO-OWNER", entity, fmt::format("{} among the pledgors, or coOwnerConsent", owner),
                   "an owner since the contract",
                   "a co-owner joined after the contract; agree the pledge again with all owners",
                   "合同订立后有新的共有人，须由全体共有人重新约定质押");
  }
  return {};
}

// A right whose validity is contested is pledged only by parties who know of it.
Status requireWaiver(const EntityRecord& asset, std::string_view waiver, const std::string& entity) {
  if (!asset.has("contested") || !waiver.empty()) return {};
  return refusal("R-WAIVER", entity, "a waiver", fmt::format("contested: {}", asset.get("contested")),
                 "invalidation or a twin application is pending; the parties state in `waiver` that they know",
                 "已启动无效宣告或同日申请发明，须双方知情确认（waiver）");
}

// Moves the named assets from one list of the pledge to another; `state` when none is left in pledge.
Status endPledge(RuleContext& context, std::string_view id, capnp::List<capnp::Text>::Reader assets,
                 std::string_view list, std::string_view state) {
  PL_TRY(EntityRecord * pledge, context.edit("pledge", id));
  for (auto number : assets) {
    if (!pledge->contains("asset.active", number.cStr())) {
      return refusal("R-PLEDGE-STATE", entityKey("pledge", id), "active on the asset", number.cStr(),
                     "the pledge is not in force on this asset", "该质物上没有有效的质押登记");
    }
    PL_TRY(EntityRecord * asset, context.edit("ip", number.cStr()));
    pledge->erase("asset.active", number.cStr());
    pledge->insert(list, number.cStr());
    asset->erase("pledge.active", id);
    asset->insert(fmt::format("pledge.{}", state), id);
  }
  if (!pledge->has("asset.active")) pledge->set("state", state);
  return {};
}

// Of a pledge that is in force on nothing any more.
std::string_view stateWithoutActive(const EntityRecord& pledge) {
  for (std::string_view end : {"enforced", "revoked", "released"}) {
    if (pledge.has(fmt::format("asset.{}", end))) return end;
  }
  return "agreed";
}

// The five contents a pledge contract must state; an importer copies what the register shows.
Status requireContents(RuleContext& context, schema::PledgeAgreed::Reader body, const std::string& entity) {
  if (context.imported()) return {};
  std::string lacking = body.getAmountFen() <= 0                               ? "amountFen"
                        : body.getClaimKind() == schema::ClaimKind::NOT_STATED ? "claimKind"
                        : body.getDebtFrom() == 0 || body.getDebtTo() == 0     ? "debtFrom, debtTo"
                        : body.getScope().size() == 0                          ? "scope"
                                                                               : "";
  if (lacking.empty()) return {};
  return refusal("R-PLEDGE-CONTENTS", entity, "claim kind, amount, term, assets, scope", "without " + lacking,
                 "the pledge contract lacks a mandatory content: " + lacking, "质押合同缺少必备内容：" + lacking);
}

Status requireOwners(schema::PledgeAgreed::Reader body, const EntityRecord& asset, const std::string& entity) {
  for (std::string_view owner : asset.all("party.own")) {
    bool pledges = false;
    for (auto pledgor : body.getPledgors()) pledges = pledges || owner == std::string_view(pledgor.cStr());
    if (!pledges && body.getCoOwnerConsent().size() == 0) {
      return refusal("R-CO-OWNER", entity, fmt::format("{} among the pledgors, or coOwnerConsent", owner), "neither",
                     "every co-owner pledges or has agreed", "全体共有人须共同出质或另有约定");
    }
  }
  for (auto pledgor : body.getPledgors()) {
    if (!asset.contains("party.own", pledgor.cStr())) {
      return refusal("R-PLEDGOR", entity, "an owner of the asset", pledgor.cStr(), "only an owner can pledge",
                     "出质人须为权利人");
    }
  }
  return {};
}

}  // namespace

Status pledgeAgreed(RuleContext& context) {
  auto body = context.body().getPledgeAgreed();
  std::string entity = entityKey("pledge", body.getPledge().cStr());
  PL_CHECK(requireContents(context, body, entity));
  if (body.getDebtFrom() != 0 && body.getDebtTo() != 0 && body.getDebtTo() < body.getDebtFrom()) {
    return refusal(
        "R-DATES", entity, "debt from <= to",
        fmt::format("{}..{}", events::formatCivilDate(body.getDebtFrom()), events::formatCivilDate(body.getDebtTo())),
        "the debt ends before it begins", "债务到期日早于起始日");
  }
  for (auto number : body.getAssets()) {
    PL_TRY(const EntityRecord* asset, context.find("ip", number.cStr()));
    std::string assetEntity = entityKey("ip", number.cStr());
    if (!context.imported()) PL_CHECK(requireOwners(body, *asset, assetEntity));
    PL_CHECK(requireWithinTerm(*asset, body.getDebtTo(), assetEntity));
  }
  for (auto number : body.getAssets()) {
    PL_TRY(EntityRecord * asset, context.edit("ip", number.cStr()));
    asset->insert("pledge.any", body.getPledge().cStr());
  }
  PL_TRY(EntityRecord * pledge, context.edit("pledge", body.getPledge().cStr()));
  pledge->set("state", "agreed");
  for (auto pledgor : body.getPledgors()) pledge->insert("party.own", pledgor.cStr());
  pledge->set("party.bnk", body.getPledgee().cStr());
  if (body.getCoOwnerConsent().size() > 0) pledge->set("co-owners.agreed", "stated");
  for (auto number : body.getAssets()) pledge->insert("asset.agreed", number.cStr());
  if (body.getAmountFen() != 0) pledge->setNumber("amount", body.getAmountFen());
  pledge->set("currency", currencyCode(context.event));
  if (body.getDebtTo() != 0) pledge->setNumber("debt.to", body.getDebtTo());
  return {};
}

Status pledgeAgreedUndo(RuleContext& context) {
  auto body = context.body().getPledgeAgreed();
  PL_TRY(EntityRecord * pledge, context.edit("pledge", body.getPledge().cStr()));
  PL_CHECK(requireState(*pledge, entityKey("pledge", body.getPledge().cStr()), "R-REVERSAL-STATE", "agreed"));
  pledge->set("state", "reversed");
  for (auto number : body.getAssets()) {
    PL_TRY(EntityRecord * asset, context.edit("ip", number.cStr()));
    asset->erase("pledge.any", body.getPledge().cStr());
  }
  return {};
}

Status pledgeRegistered(RuleContext& context) {
  auto body = context.body().getPledgeRegistered();
  std::string pledgeEntity = entityKey("pledge", body.getPledge().cStr());
  std::string assetEntity = entityKey("ip", body.getAsset().cStr());
  PL_TRY(EntityRecord * pledge, context.edit("pledge", body.getPledge().cStr()));
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getAsset().cStr()));
  if (!pledge->contains("asset.agreed", body.getAsset().cStr())) {
    return refusal("R-PLEDGE-ASSET", pledgeEntity, "an asset of the contract not yet registered",
                   body.getAsset().cStr(), "the contract does not pledge this asset, or it is registered already",
                   "该质物不在合同内或已登记");
  }
  PL_CHECK(requireNotInPledge(*asset, assetEntity));
  if (!context.imported()) {
    PL_CHECK(requireInForce(*asset, assetEntity));
    PL_CHECK(requirePledgorsOwn(*pledge, *asset, assetEntity));
    PL_CHECK(requireWaiver(*asset, body.getWaiver().cStr(), assetEntity));
  }
  pledge->erase("asset.agreed", body.getAsset().cStr());
  pledge->insert("asset.active", body.getAsset().cStr());
  pledge->set("state", "active");
  asset->insert("pledge.active", body.getPledge().cStr());
  PL_TRY(EntityRecord * registration,
         context.edit("pledgereg", fmt::format("{}/{}", body.getRegNo().cStr(), body.getAsset().cStr())));
  registration->set("state", "recorded");
  return {};
}

// 撤销: void from the start, so the asset goes back to what was only agreed.
Status pledgeRegisteredUndo(RuleContext& context) {
  auto body = context.body().getPledgeRegistered();
  PL_TRY(EntityRecord * pledge, context.edit("pledge", body.getPledge().cStr()));
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getAsset().cStr()));
  if (!pledge->contains("asset.active", body.getAsset().cStr())) {
    return refusal("R-PLEDGE-STATE", entityKey("pledge", body.getPledge().cStr()), "active", "released",
                   "the pledge on this asset is no longer active", "该质物上的质押已注销");
  }
  pledge->erase("asset.active", body.getAsset().cStr());
  pledge->insert("asset.agreed", body.getAsset().cStr());
  asset->erase("pledge.active", body.getPledge().cStr());
  if (!pledge->has("asset.active")) pledge->set("state", stateWithoutActive(*pledge));
  PL_TRY(EntityRecord * registration,
         context.edit("pledgereg", fmt::format("{}/{}", body.getRegNo().cStr(), body.getAsset().cStr())));
  registration->set("state", "reversed");
  return {};
}

Status pledgeReleased(RuleContext& context) {
  auto body = context.body().getPledgeReleased();
  return endPledge(context, body.getPledge().cStr(), body.getAssets(), "asset.released", "released");
}

// A release recorded in error: the pledge is in force again, unless another took its place.
Status pledgeReleasedUndo(RuleContext& context) {
  auto body = context.body().getPledgeReleased();
  PL_TRY(EntityRecord * pledge, context.edit("pledge", body.getPledge().cStr()));
  for (auto number : body.getAssets()) {
    PL_TRY(EntityRecord * asset, context.edit("ip", number.cStr()));
    PL_CHECK(requireNotInPledge(*asset, entityKey("ip", number.cStr())));
    pledge->erase("asset.released", number.cStr());
    pledge->insert("asset.active", number.cStr());
    asset->erase("pledge.released", body.getPledge().cStr());
    asset->insert("pledge.active", body.getPledge().cStr());
  }
  pledge->set("state", "active");
  return {};
}

Status pledgeRevoked(RuleContext& context) {
  auto body = context.body().getPledgeRevoked();
  return endPledge(context, body.getPledge().cStr(), body.getAssets(), "asset.revoked", "revoked");
}

Status pledgeEnforced(RuleContext& context) {
  auto body = context.body().getPledgeEnforced();
  return endPledge(context, body.getPledge().cStr(), body.getAssets(), "asset.enforced", "enforced");
}

Status pledgeAmended(RuleContext& context) {
  auto body = context.body().getPledgeAmended();
  std::string entity = entityKey("pledge", body.getPledge().cStr());
  PL_TRY(EntityRecord * pledge, context.edit("pledge", body.getPledge().cStr()));
  PL_CHECK(requireState(*pledge, entity, "R-PLEDGE-STATE", "active"));
  for (std::string_view number : pledge->all("asset.active")) {
    PL_TRY(const EntityRecord* asset, context.find("ip", number));
    PL_CHECK(requireWithinTerm(*asset, body.getDebtTo(), entityKey("ip", number)));
  }
  if (body.getAmountFen() < 0) PL_CHECK(requirePositive(body.getAmountFen(), context.currency(), entity));
  if (body.getAmountFen() != 0) pledge->setNumber("amount", body.getAmountFen());
  if (body.getDebtTo() != 0) pledge->setNumber("debt.to", body.getDebtTo());
  return {};
}

Status ipTransferred(RuleContext& context) {
  auto body = context.body().getIpTransferred();
  std::string entity = entityKey("ip", body.getIp().cStr());
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getIp().cStr()));
  if (!context.imported()) {
    PL_CHECK(requireInForce(*asset, entity));
    PL_CHECK(requirePledgeesConsent(context, *asset, entity));
  }
  for (std::string_view owner : asset->all("party.own")) {
    bool signs = std::any_of(context.signers.begin(), context.signers.end(),
                             [&](const Signer& signer) { return signer.party == owner; });
    if (signs || context.imported()) continue;
    return refusal("R-CO-OWNER", entity, fmt::format("the signature of {}", owner), "none",
                   "every co-owner signs a transfer", "全体共有人须签署转让");
  }
  asset->set("party.own", "");
  for (auto owner : body.getOwners()) asset->insert("party.own", owner.getParty().cStr());
  return {};
}

Status ipLicensed(RuleContext& context) {
  auto body = context.body().getIpLicensed();
  std::string entity = entityKey("ip", body.getIp().cStr());
  PL_TRY(EntityRecord * asset, context.edit("ip", body.getIp().cStr()));
  if (!context.imported() && !context.undoing) PL_CHECK(requirePledgeesConsent(context, *asset, entity));
  PL_CHECK(asset->add("licences", context.change(1)));
  return recorded(context);
}

std::span<const RuleRow> pledgeRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, PLEDGE_AGREED, {pledgeAgreed, pledgeAgreedUndo}},
      {1, PLEDGE_REGISTERED, {pledgeRegistered, pledgeRegisteredUndo}},
      {1, PLEDGE_RELEASED, {pledgeReleased, pledgeReleasedUndo}},
      {1, IP_TRANSFERRED, {ipTransferred, nullptr}},
      {1, IP_LICENSED, {ipLicensed, ipLicensed}},
      {1, PLEDGE_AMENDED, {pledgeAmended, nullptr}},
      {1, PLEDGE_REVOKED, {pledgeRevoked, nullptr}},
      {1, PLEDGE_ENFORCED, {pledgeEnforced, nullptr}},
      {1, IP_VALUED, {recorded, recorded}},
      {1, DISCLOSURE_GRANTED, {recorded, recorded}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
