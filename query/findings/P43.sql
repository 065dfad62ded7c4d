-- finding: P43 PASSED_LATE M
-- version: 2
-- zh: 资金下达迟缓
-- en: Passed to the next treasury late
-- basis: policy rule set (transfer within days)
SELECT f.award, f.amount_fen, e.currency, '补助 ' || ae.legal_date || ' 下达，' || e.legal_date || ' 转至 ' || f."to",
       'awarded ' || ae.legal_date || ', passed to ' || f."to" || ' ' || e.legal_date,
       a.entry_index || ',' || f.entry_index, p.transfer_days || ' days' AS "limit",
       CAST(julianday(e.legal_date) - julianday(ae.legal_date) AS INTEGER) || ' days' AS found
FROM appropriation_passed f
JOIN entry e ON e.entry_index = f.entry_index
JOIN subsidy_awarded a ON a.award = f.award
JOIN entry ae ON ae.entry_index = a.entry_index
JOIN award_policy p ON p.award = f.award
WHERE julianday(e.legal_date) - julianday(ae.legal_date) > p.transfer_days
ORDER BY f.award, f.entry_index;
