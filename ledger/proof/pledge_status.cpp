#include "ledger/proof/pledge_status.h"

#include "events/base/civil_date.h"
#include "events/identifiers.h"

namespace pilotledger::proof {
namespace {

std::string dateOf(const EntityRecord& record, std::string_view attribute) {
  return events::formatCivilDate(static_cast<std::int32_t>(record.number(attribute)));
}

Result<PledgeOfAsset> pledgeOf(const FindRecord& find, std::string_view id, std::string state) {
  PledgeOfAsset pledge;
  pledge.pledge = id;
  pledge.state = std::move(state);
  PL_TRY(auto record, find("pledge:" + pledge.pledge));
  if (!record) return pledge;
  pledge.pledgee = record->get("party.bnk");
  pledge.amountFen = record->number("amount");
  pledge.currency = record->get("currency");
  pledge.debtTo = dateOf(*record, "debt.to");
  PL_TRY(auto party, find("party:" + pledge.pledgee));
  if (party) pledge.pledgeeName = party->get("name");
  return pledge;
}

}  // namespace

std::string_view answerText(PledgeAnswer answer) {
  switch (answer) {
    case PledgeAnswer::Active: return "ACTIVE";
    case PledgeAnswer::Released: return "RELEASED";
    case PledgeAnswer::None: return "NONE";
    case PledgeAnswer::Unknown: return "UNKNOWN";
  }
  return "";
}

Result<PledgeStatus> pledgeStatus(const FindRecord& find, std::string_view number) {
  PledgeStatus status;
  PL_TRY(status.number, events::canonicalIp(number));
  PL_TRY(auto asset, find("ip:" + status.number));
  if (!asset) {
    PL_TRY(auto alias, find("ipalias:" + status.number));
    if (!alias) return status;
    status.number = alias->get("ip");
    PL_TRY(asset, find("ip:" + status.number));
    if (!asset) return status;
  }
  status.state = asset->get("state");
  for (std::string_view by : asset->all("frozen"))
    status.frozen += (status.frozen.empty() ? "" : ", ") + std::string(by);
  status.expires = dateOf(*asset, "expires");
  for (std::string_view owner : asset->all("party.own")) status.owners.emplace_back(owner);
  for (std::string_view id : asset->all("pledge.active")) {
    PL_TRY(auto pledge, pledgeOf(find, id, "active"));
    status.pledges.push_back(std::move(pledge));
  }
  bool active = !status.pledges.empty();
  // A revoked pledge is void from the start: it was none.
  for (const char* end : {"released", "enforced"}) {
    for (std::string_view id : asset->all(std::string("pledge.") + end)) {
      PL_TRY(auto pledge, pledgeOf(find, id, end));
      status.pledges.push_back(std::move(pledge));
    }
  }
  status.answer = active ? PledgeAnswer::Active : status.pledges.empty() ? PledgeAnswer::None : PledgeAnswer::Released;
  return status;
}

}  // namespace pilotledger::proof
