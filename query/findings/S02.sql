-- finding: S02 WINDOW H
-- version: 1
-- zh: 违反频次
-- en: Awarded again within the window, or a second one-time award
-- basis: policy rule set in force on the award's date (window, one-time)
SELECT m.award, m.awarded, m.currency,
       '与 ' || o.award || ' 相隔不足 ' || coalesce(p.window_months || ' 个月', '规定期限（一次性）'),
       'too soon after ' || o.award || coalesce(' (window ' || p.window_months || ' months)', ' (one-time instrument)'),
       o.entry_index || ',' || m.entry_index
FROM award_money m
JOIN award_policy p ON p.award = m.award
JOIN award_money o ON o.instrument = m.instrument AND coalesce(o.platform, o.payee) = coalesce(m.platform, m.payee)
                  AND o.entry_index < m.entry_index
WHERE p.one_time = 1 OR (p.window_months IS NOT NULL AND m.legal_date < date(o.legal_date, '+' || p.window_months || ' months'))
ORDER BY m.award, o.award;
