-- finding: P51 REGISTER_CONTRADICTS M
-- version: 1
-- zh: 登记簿与账本不符
-- en: The patent register says what the ledger does not
-- basis: gazette codes of CNIPA against the ledger
WITH seen AS MATERIALIZED (
  SELECT o.ip, o.code, o.to_party, o.reference, o.entry_index, coalesce(o.effective_on, e.legal_date) AS since
  FROM ip_status_observed o JOIN entry e ON e.entry_index = o.entry_index
  WHERE o.code IN ('PE01', 'PC01', 'TR01', 'EE01'))
SELECT 'ip ' || s.ip || ' ' || s.code, NULL, NULL, '登记簿有质押登记，账本无' AS zh,
       'a pledge is registered that the ledger lacks' AS en, CAST(s.entry_index AS TEXT) AS entries
FROM seen s
WHERE s.code = 'PE01' AND NOT EXISTS (SELECT 1 FROM pledge_registered g WHERE g.asset = s.ip AND (s.reference IS NULL
    OR g.reg_no = s.reference))
UNION ALL
SELECT 'ip ' || s.ip || ' PC01', q.amount_fen, q.currency, '登记簿已注销，账本质押 ' || q.pledge || ' 仍在押',
       'released in the register, pledge ' || q.pledge || ' is active here', s.entry_index || ',' || q.registered_entry
FROM seen s JOIN pledge_asset q ON q.asset = s.ip AND q.state = 'active' AND q.registered_on <= s.since
WHERE s.code = 'PC01' AND (s.reference IS NULL OR q.reg_no = s.reference)
UNION ALL
SELECT 'ip ' || s.ip || ' TR01', NULL, NULL, '登记簿已转移，账本无', 'transferred in the register, not here',
       CAST(s.entry_index AS TEXT)
FROM seen s
WHERE s.code = 'TR01'
  AND NOT EXISTS (SELECT 1 FROM ip_transferred t JOIN ip_transferred_owners w ON w.entry_index = t.entry_index
                  WHERE t.ip = s.ip AND (s.to_party IS NULL OR w.party = s.to_party))
UNION ALL
SELECT 'ip ' || s.ip || ' EE01', NULL, NULL, '登记簿有许可备案，账本无', 'a licence is on file that the ledger lacks',
       CAST(s.entry_index AS TEXT)
FROM seen s
WHERE s.code = 'EE01' AND NOT EXISTS (SELECT 1 FROM ip_licensed l WHERE l.ip = s.ip)
ORDER BY 1, 6;
