-- finding: P45 STACKED_FUNDING L
-- version: 2
-- zh: 叠加支持
-- en: One project funded from several sources
-- basis: policy rule set (may be stacked)
WITH fund AS (
  SELECT a.project, 'award ' || a.award AS name, a.amount_fen AS fen, e.currency, coalesce(p.stacking, 0) AS stacking,
         a.entry_index
  FROM subsidy_awarded a JOIN entry e ON e.entry_index = a.entry_index LEFT JOIN award_policy p ON p.award = a.award
  WHERE a.project IS NOT NULL
  UNION ALL
  SELECT b.project, 'bond ' || b.allocation, b.amount_fen, e.currency, 0, b.entry_index
  FROM bond_proceeds_allocated b JOIN entry e ON e.entry_index = b.entry_index WHERE b.project IS NOT NULL
  UNION ALL
  SELECT v.project, 'voucher ' || v.voucher, v.amount_fen, e.currency, 0, v.entry_index
  FROM voucher_redeemed v JOIN entry e ON e.entry_index = v.entry_index WHERE v.project IS NOT NULL)
SELECT 'project ' || project, sum(fen) - max(fen), max(currency), '资金来源：' || group_concat(name),
       'funded by ' || group_concat(name), group_concat(entry_index)
FROM (SELECT * FROM fund ORDER BY project, entry_index) f
GROUP BY project
HAVING count(*) > 1 AND max(stacking) = 0
ORDER BY project;
