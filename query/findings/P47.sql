-- finding: P47 VOUCHER_LIMIT M
-- version: 3
-- zh: 创新券超年度限额
-- en: More vouchers in a year than the limit
-- basis: policy rule set DEFAULT (vouchers a holder and year)
SELECT 'party ' || i.holder || ' ' || substr(e.legal_date, 1, 4), sum(i.face_fen) - max(p.voucher_year_fen), e.currency,
       '当年发放合计超过限额', 'face values of the year exceed the limit', group_concat(i.entry_index),
       'fen:' || max(p.voucher_year_fen) AS "limit", 'fen:' || sum(i.face_fen) AS found
FROM voucher_issued i
CROSS JOIN ruled_entry e  -- each voucher first, then its rule
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE e.entry_index = i.entry_index AND p.voucher_year_fen > 0
  AND e.currency = (SELECT t.currency FROM entry t WHERE t.entry_index = e.rule)
GROUP BY i.holder, substr(e.legal_date, 1, 4), e.currency
HAVING sum(i.face_fen) > max(p.voucher_year_fen)
ORDER BY 1;
