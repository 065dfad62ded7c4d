-- finding: S14 RETAINED M
-- version: 2
-- zh: 截留
-- en: Passed to a lower treasury but not paid out
-- basis: policy rule set (transfer within days)
WITH passed AS (
  SELECT f.award, sum(CASE WHEN u.award IS NULL THEN f.amount_fen END) AS fen, max(e.legal_date) AS last_on,
         group_concat(DISTINCT f.entry_index) AS entries
  FROM appropriation_passed f
  JOIN entry e ON e.entry_index = f.entry_index
  LEFT JOIN (SELECT DISTINCT award, "to" AS party FROM appropriation_passed) u ON u.award = f.award
    AND u.party = f."from"
  GROUP BY f.award)
SELECT m.award, f.fen - m.disbursed, m.currency, '下级财政收到后未足额拨付，最后下达于 ' || f.last_on,
       'less paid out than passed on, last on ' || f.last_on, f.entries || coalesce(',' || m.disbursed_entries, ''),
       'fen:' || f.fen AS "limit", 'fen:' || m.disbursed AS found
FROM passed f JOIN award_money m ON m.award = f.award JOIN award_policy p ON p.award = f.award
WHERE m.disbursed < f.fen AND julianday(:on) - julianday(f.last_on) > p.transfer_days
ORDER BY m.award;
