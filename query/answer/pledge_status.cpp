#include "query/answer/pledge_status.h"

#include "events/identifiers.h"

namespace pilotledger::query {
Result<PledgeStatus> pledgeStatus(const ledger::Ledger& ledger, std::string_view number) {
  PledgeStatus status;
  PL_TRY(static_cast<proof::PledgeStatus&>(status),
         proof::pledgeStatus([&](const std::string& key) { return ledger.entity(key); }, number));
  if (status.answer != PledgeAnswer::Unknown) {
    PL_TRY(status.entries, ledger.entriesOf("ip:" + status.number));
  }
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
  PL_TRY(Statement owners,
         model.prepare("SELECT o.party FROM ip_transferred_owners o WHERE o.entry_index = (SELECT max(entry_index) "
                       "FROM ip_transferred WHERE ip = :n) "
                       "UNION ALL SELECT o.party FROM ip_asset_recorded_owners o JOIN ip_asset_recorded a ON "
                       "a.entry_index = o.entry_index "
                       "WHERE a.number = :n AND NOT EXISTS (SELECT 1 FROM ip_transferred WHERE ip = :n)"));
  owners.bindNamed("n", status.number);
  while (true) {
    PL_TRY(bool row, owners.step());
    if (!row) break;
    status.owners.push_back(owners.text(0));
  }
  PL_TRY(Statement rows,
         model.prepare("SELECT q.pledge, q.pledgee, p.name, q.state, q.amount_fen, q.currency, q.debt_to, "
                       "q.entry_index, q.registered_entry, q.released_entry "
                       "FROM pledge_asset q LEFT JOIN party_name p ON p.party = q.pledgee WHERE q.asset = :n AND "
                       "q.state NOT IN ('agreed', 'revoked') ORDER BY q.state, q.entry_index"));
  rows.bindNamed("n", status.number);
  bool active = false;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) break;
    status.pledges.push_back(
        {rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.integer(4), rows.text(5), rows.text(6)});
    active = active || rows.text(3) == "active";
    for (int column : {7, 8, 9}) {
      if (!rows.text(column).empty()) status.entries.push_back(static_cast<std::uint64_t>(rows.integer(column)));
    }
  }
  status.answer = active ? PledgeAnswer::Active : status.pledges.empty() ? PledgeAnswer::None : PledgeAnswer::Released;
  return status;
}

}  // namespace pilotledger::query
