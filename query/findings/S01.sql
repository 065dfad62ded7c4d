-- finding: S01 OVER_CAP H
-- version: 5
-- zh: 超标准补助
-- en: Award above the cap or the share of its base
-- basis: policy rule set in force on the award's date (cap, ratio of base)
SELECT m.award, m.awarded - min(coalesce(CASE WHEN p.cap_currency = m.currency THEN p.cap_fen END, m.awarded),
                              coalesce(nullif(m.base_fen, 0) * p.ratio_bp / 10000, m.awarded)) AS amount, m.currency,
       '下达金额超过 ' || p.rule_set || ' 规定的上限或比例', 'the award exceeds the cap or ratio of ' || p.rule_set,
       m.entry_index || ',' || p.policy_entry,
       'fen:' || min(coalesce(CASE WHEN p.cap_currency = m.currency THEN p.cap_fen END, m.awarded),
                     coalesce(nullif(m.base_fen, 0) * p.ratio_bp / 10000, m.awarded)) AS "limit",
       'fen:' || m.awarded AS found
FROM award_money m JOIN award_policy p ON p.award = m.award
WHERE (p.cap_currency = m.currency AND m.awarded > p.cap_fen)
   OR (p.ratio_bp IS NOT NULL AND m.base_fen > 0 AND m.awarded > m.base_fen * p.ratio_bp / 10000)
ORDER BY m.award;
