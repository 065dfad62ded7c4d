-- finding: P33 RELATED_PAYER L
-- version: 1
-- zh: 关联方付款
-- en: Income from a related party
-- basis: relations declared, or the same controllers' commitment
WITH payer AS (
  SELECT f.platform, f.party AS payer, f.entry_index FROM platform_party f
  UNION
  SELECT f.platform, q.other, q.entry_index FROM platform_party f JOIN related_party q ON q.party = f.party)
SELECT r.platform || ' ' || r.payer, sum(r.net_fen), e.currency, '来自关联方 ' || r.payer || ' 的收入 ' || count(*) || ' 笔',
       count(*) || ' receipts from related party ' || r.payer, y.entry_index || ',' || group_concat(r.entry_index)
FROM (SELECT platform, payer, min(entry_index) AS entry_index FROM payer GROUP BY platform, payer) y
JOIN revenue_received r ON r.platform = y.platform AND r.payer = y.payer
JOIN entry e ON e.entry_index = r.entry_index
GROUP BY r.platform, r.payer, e.currency, y.entry_index
ORDER BY 1;
