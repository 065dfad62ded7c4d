-- finding: S05 DOUBLE_FUNDING H
-- version: 1
-- zh: 重复补助
-- en: One asset funded twice
-- basis: one cost is funded once; leased equipment is not the payee's investment
WITH claim AS (
  SELECT x.asset, x.award, x.claim_fen, e.currency, x.entry_index
  FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index WHERE x.asset IS NOT NULL
  UNION ALL
  SELECT i.asset, i.award, 0, NULL, i.entry_index FROM asset_installed i WHERE i.award IS NOT NULL),
fund AS (
  SELECT asset, 'award ' || award AS name, 1 AS public, sum(claim_fen) AS fen, max(currency) AS currency,
         group_concat(entry_index) AS entries, min(entry_index) AS first
  FROM claim GROUP BY asset, award
  UNION ALL
  SELECT b.asset, 'bond ' || b.allocation, 1, b.amount_fen, e.currency, CAST(b.entry_index AS TEXT), b.entry_index
  FROM bond_proceeds_allocated b JOIN entry e ON e.entry_index = b.entry_index WHERE b.asset IS NOT NULL
  UNION ALL
  SELECT a.value, 'lease ' || l.lease, 0, l.amount_fen, e.currency, CAST(l.entry_index AS TEXT), l.entry_index
  FROM lease_registered l JOIN lease_registered_assets a ON a.entry_index = l.entry_index
  JOIN entry e ON e.entry_index = l.entry_index)
SELECT 'asset ' || asset, nullif(sum(fen) - max(fen), 0), max(currency), '资金来源：' || group_concat(name),
       'funded by ' || group_concat(name), group_concat(entries)
FROM (SELECT * FROM fund ORDER BY asset, first, name) f
GROUP BY asset
HAVING count(*) > 1 AND max(public) = 1
ORDER BY asset;
