-- finding: S12 IDLE_BALANCE M
-- version: 2
-- zh: 资金沉淀
-- en: Money received lies idle
-- basis: policy rule set (idle months and share); money paid before the cost only
SELECT m.award, m.received - m.spent, m.currency, '到账 ' || p.idle_months || ' 个月后仍有结余',
       'unspent ' || p.idle_months || ' months after receipt',
       m.entry_index || ',' || m.received_entries, add_months(m.first_received, p.idle_months) AS "limit",
       'fen:' || (m.received - m.spent) AS found
FROM award_money m JOIN award_policy p ON p.award = m.award
WHERE m.mode = 'PRE' AND m.received > 0 AND p.idle_months IS NOT NULL
  AND add_months(m.first_received, p.idle_months) <= :on
  AND (m.received - m.spent) * 10000 > m.received * coalesce(p.idle_bp, 0)
ORDER BY m.award;
