-- finding: S02 WINDOW H
-- version: 3
-- zh: 违反频次
-- en: Awarded again within the window, or a second one-time award
-- basis: policy rule set in force on the award's date (window, one-time)
WITH given AS MATERIALIZED (
  SELECT a.award, a.amount_fen, a.instrument, coalesce(a.platform, a.payee) AS beneficiary, e.legal_date, e.currency,
         a.entry_index, p.window_months, p.one_time
  FROM subsidy_awarded a JOIN entry e ON e.entry_index = a.entry_index LEFT JOIN award_policy p ON p.award = a.award)
SELECT m.award, m.amount_fen, m.currency,
       '与 ' || o.award || ' 相隔不足 ' || coalesce(m.window_months || ' 个月', '规定期限（一次性）'),
       'too soon after ' || o.award || coalesce(' (window ' || m.window_months || ' months)', ' (one-time instrument)'),
       o.entry_index || ',' || m.entry_index,
       coalesce(m.window_months || ' months', 'once') AS "limit", o.legal_date || ' ' || m.legal_date AS found
FROM given m
JOIN given o ON o.beneficiary = m.beneficiary AND o.instrument = m.instrument AND o.entry_index < m.entry_index
WHERE m.one_time = 1 OR (m.window_months IS NOT NULL AND m.legal_date < add_months(o.legal_date, m.window_months))
ORDER BY m.award, o.award;
