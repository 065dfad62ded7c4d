#include "query/pledge_status.h"

#include "events/civil_date.h"
#include "events/identifiers.h"

namespace pilotledger::query {
namespace {

std::string dateOf(const ledger::EntityRecord& record, std::string_view attribute) {
  return events::formatCivilDate(static_cast<std::int32_t>(record.number(attribute)));
}

Result<PledgeOfAsset> pledgeOf(const ledger::Ledger& ledger, std::string_view id, std::string state) {
  PledgeOfAsset pledge;
  pledge.pledge = id;
  pledge.state = std::move(state);
  PL_TRY(auto record, ledger.entity("pledge:" + pledge.pledge));
  if (!record) return pledge;
  pledge.pledgee = record->get("party.bnk");
  pledge.amountFen = record->number("amount");
  pledge.currency = record->get("currency");
  pledge.debtTo = dateOf(*record, "debt.to");
  PL_TRY(auto party, ledger.entity("party:" + pledge.pledgee));
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

Result<PledgeStatus> pledgeStatus(const ledger::Ledger& ledger, std::string_view number) {
  PledgeStatus status;
  PL_TRY(status.number, events::canonicalIp(number));
  PL_TRY(auto asset, ledger.entity("ip:" + status.number));
  if (!asset) {
    PL_TRY(auto alias, ledger.entity("ipalias:" + status.number));
    if (!alias) return status;
    status.number = alias->get("ip");
    PL_TRY(asset, ledger.entity("ip:" + status.number));
    if (!asset) return status;
  }
  status.state = asset->get("state");
  status.frozen = asset->get("frozen");
  status.expires = dateOf(*asset, "expires");
  for (std::string_view owner : asset->all("party.own")) status.owners.emplace_back(owner);
  for (std::string_view id : asset->all("pledge.active")) {
    PL_TRY(auto pledge, pledgeOf(ledger, id, "active"));
    status.pledges.push_back(std::move(pledge));
  }
  bool active = !status.pledges.empty();
  for (std::string_view id : asset->all("pledge.released")) {
    PL_TRY(auto pledge, pledgeOf(ledger, id, "released"));
    status.pledges.push_back(std::move(pledge));
  }
  status.answer = active ? PledgeAnswer::Active : status.pledges.empty() ? PledgeAnswer::None : PledgeAnswer::Released;
  PL_TRY(status.entries, ledger.entriesOf("ip:" + status.number));
  return status;
}

}  // namespace pilotledger::query
