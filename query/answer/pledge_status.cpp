#include "query/answer/pledge_status.h"

#include <fmt/ranges.h>

#include <set>

#include "events/base/civil_date.h"
#include "events/identifiers.h"

namespace pilotledger::query {
namespace {

// A contract on the asset that is not in force as a registered pledge: its record tells the terms.
Result<PledgeOfAsset> pledgeOnRecord(const ledger::Ledger& ledger, std::string_view id, std::string state) {
  PledgeOfAsset pledge;
  pledge.pledge = id;
  pledge.state = std::move(state);
  PL_TRY(auto record, ledger.entity("pledge:" + pledge.pledge));
  if (!record) return pledge;
  pledge.pledgee = record->get("party.bnk");
  pledge.amountFen = record->number("amount");
  pledge.currency = record->get("currency");
  pledge.debtTo = events::formatCivilDate(static_cast<std::int32_t>(record->number("debt.to")));
  PL_TRY(auto party, ledger.entity("party:" + pledge.pledgee));
  if (party) pledge.pledgeeName = party->get("name");
  return pledge;
}

Status addOthers(const ledger::Ledger& ledger, PledgeStatus& status) {
  PL_TRY(auto asset, ledger.entity("ip:" + status.number));
  if (!asset) return {};
  for (std::string_view id : asset->all("pledge.any")) {
    PL_TRY(auto contract, ledger.entity("pledge:" + std::string(id)));
    if (!contract || !contract->contains("asset.agreed", status.number)) continue;
    PL_TRY(PledgeOfAsset pledge, pledgeOnRecord(ledger, id, "agreed"));
    status.others.push_back(std::move(pledge));
  }
  for (std::string_view id : asset->all("pledge.revoked")) {
    PL_TRY(PledgeOfAsset pledge, pledgeOnRecord(ledger, id, "revoked"));
    status.others.push_back(std::move(pledge));
  }
  for (const std::string& owner : status.owners) {
    PL_TRY(auto party, ledger.entity("party:" + owner));
    if (party && party->has("name")) status.names[owner] = party->get("name");
  }
  return {};
}

// As time goes: what the ledger knew, in the order in which it learnt it; what was so on a day, in the order in which
// it came to be, whenever it was recorded.
std::string_view orderOf(const AsOf& at) { return at.onlyUntil ? "e.legal_date, e.entry_index" : "e.entry_index"; }

// The entry from which on entries are of that edition of the rules, or a later one; absent when they are not.
Result<std::optional<std::int64_t>> adoptionOf(ReadModel& model, int edition) {
  PL_TRY(Statement rows,
         model.prepare(fmt::format(
             "SELECT coalesce(min(entry_index), -1) FROM (SELECT entry_index FROM rules_adopted WHERE edition >= {0} "
             "UNION ALL SELECT entry_index FROM key_bound WHERE rules_edition >= {0}) a",
             edition)));
  PL_TRY(bool row, rows.step());
  if (!row || rows.integer(0) < 0) return std::optional<std::int64_t>();
  return std::optional(rows.integer(0));
}

// ledger/rules/ip.cpp, freeze and unfreeze.
void freeze(std::set<std::string>& frozen, const std::string& by, bool apart) {
  if (!apart) frozen.clear();
  frozen.insert(by);
}
void unfreeze(std::set<std::string>& frozen, const std::string& by, bool apart) {
  const bool alone = frozen.size() == 1 && (by.empty() || frozen.contains("PP01"));
  if (!apart || alone) frozen.clear();
  else frozen.erase(by.empty() ? "PP01" : by);
}

// As the rules take them (ledger/rules/pledge.cpp): preservation by its case or by the gazette, the state by the
// gazette.
Status addLegalState(ReadModel& model, const AsOf& at, PledgeStatus& status) {
  status.state = "in-force";
  PL_TRY(Statement rows,
         model.prepare(fmt::format(
             "SELECT x.code, x.reference, x.entry_index FROM (SELECT entry_index, code, reference FROM "
             "ip_status_observed WHERE ip = :n "
             "UNION ALL SELECT entry_index, CASE WHEN coalesce(lifted, 0) <> 0 THEN 'PD01' ELSE 'PP01' END, case_no "
             "FROM preservation_noted WHERE ip = :n) x JOIN entry e ON e.entry_index = x.entry_index ORDER BY {}",
             orderOf(at))));
  rows.bindNamed("n", status.number);
  PL_TRY(std::optional<std::int64_t> edition3, adoptionOf(model, 3));
  std::set<std::string> frozen;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) {
      status.frozen = fmt::format("{}", fmt::join(frozen, ", "));
      return {};
    }
    std::string code = rows.text(0);
    const bool apart = edition3 && rows.integer(2) > *edition3;
    if (code == "PP01") freeze(frozen, rows.text(1).empty() ? code : rows.text(1), apart);
    if (code == "PD01") unfreeze(frozen, rows.text(1), apart);
    if (code == "IW01") status.state = "invalidated";
    if (code == "CF01" || code == "CX01" || code == "AV01") status.state = "ended";
    if (code == "RR01") status.state = "in-force";
  }
}

// Those of the last transfer, else those with whom the right was recorded.
Status addOwners(ReadModel& model, const AsOf& at, PledgeStatus& status) {
  PL_TRY(Statement last, model.prepare(fmt::format("SELECT t.entry_index FROM ip_transferred t JOIN entry e ON "
                                                   "e.entry_index = t.entry_index WHERE t.ip = :n ORDER BY {}",
                                                   orderOf(at))));
  last.bindNamed("n", status.number);
  std::string transfer;
  while (true) {
    PL_TRY(bool row, last.step());
    if (!row) break;
    transfer = last.text(0);
  }
  std::string owners = transfer.empty() ? "ip_asset_recorded_owners o JOIN ip_asset_recorded a ON a.entry_index = "
                                          "o.entry_index AND a.number = :n"
                                        : "ip_transferred_owners o";
  std::string which = transfer.empty() ? "" : " WHERE o.entry_index = " + transfer;
  PL_TRY(Statement rows, model.prepare(fmt::format("SELECT o.party, p.name FROM {} LEFT JOIN party_name p ON p.party = "
                                                   "o.party{} ORDER BY o.entry_index, o.item",
                                                   owners, which)));
  rows.bindNamed("n", status.number);
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return {};
    status.owners.push_back(rows.text(0));
    if (!rows.text(1).empty()) status.names[rows.text(0)] = rows.text(1);
  }
}

Status addPledges(ReadModel& model, PledgeStatus& status) {
  PL_TRY(Statement rows,
         model.prepare("SELECT q.pledge, q.pledgee, p.name, q.state, q.amount_fen, q.currency, q.debt_to "
                       "FROM pledge_asset q LEFT JOIN party_name p ON p.party = q.pledgee WHERE q.asset = :n "
                       "ORDER BY q.state, q.entry_index"));
  rows.bindNamed("n", status.number);
  bool active = false;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) break;
    PledgeOfAsset pledge{rows.text(0),    rows.text(1), rows.text(2), rows.text(3),
                         rows.integer(4), rows.text(5), rows.text(6)};
    active = active || pledge.state == "active";
    bool void_ = pledge.state == "agreed" || pledge.state == "revoked";
    (void_ ? status.others : status.pledges).push_back(std::move(pledge));
  }
  status.answer = active ? PledgeAnswer::Active : status.pledges.empty() ? PledgeAnswer::None : PledgeAnswer::Released;
  return {};
}

// Every visible entry that names the right, those taken back and what took them back.
Status citeEntries(ReadModel& model, const AsOf& at, PledgeStatus& status) {
  PL_TRY(auto indexes, model.ledger().entriesOf("ip:" + status.number));
  std::erase_if(indexes, [&](std::uint64_t index) { return index >= at.position; });
  if (indexes.empty()) return {};
  std::string list = fmt::format("{}", fmt::join(indexes, ","));
  PL_TRY(Statement rows, model.prepare(fmt::format(
                             "SELECT entry_index AS n FROM entry WHERE entry_index IN ({0}) "
                             "UNION SELECT r.target FROM reversal r JOIN fact_entry f ON f.entry_index = r.target "
                             "WHERE r.target IN ({0}) AND f.legal_date <= {1} "
                             "UNION SELECT r.by_index FROM reversal r JOIN entry b ON b.entry_index = r.by_index "
                             "WHERE r.target IN ({0}) ORDER BY n",
                             list, quoteText(at.on))));
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return {};
    status.entries.push_back(static_cast<std::uint64_t>(rows.integer(0)));
  }
}

}  // namespace

Result<PledgeStatus> pledgeStatus(const ledger::Ledger& ledger, std::string_view number) {
  PledgeStatus status;
  PL_TRY(static_cast<proof::PledgeStatus&>(status),
         proof::pledgeStatus([&](const std::string& key) { return ledger.entity(key); }, number));
  if (status.answer == PledgeAnswer::Unknown) return status;
  PL_TRY(status.entries, ledger.entriesOf("ip:" + status.number));
  PL_CHECK(addOthers(ledger, status));
  return status;
}

Result<PledgeStatus> pledgeStatusAt(ReadModel& model, const AsOf& at, const std::string& number) {
  PledgeStatus status;
  PL_TRY(status.number, events::canonicalIp(number));
  PL_CHECK(model.show(at));
  PL_TRY(Statement asset,
         model.prepare("SELECT number, expires_on FROM ip_asset_recorded WHERE number = :n OR grant_number = :n"));
  asset.bindNamed("n", status.number);
  PL_TRY(bool found, asset.step());
  if (!found) return status;
  status.number = asset.text(0);
  status.expires = asset.text(1);
  PL_CHECK(addLegalState(model, at, status));
  PL_CHECK(addOwners(model, at, status));
  PL_CHECK(addPledges(model, status));
  PL_CHECK(citeEntries(model, at, status));
  return status;
}

}  // namespace pilotledger::query
