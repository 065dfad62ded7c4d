-- finding: S23 KPI_SHORT M
-- version: 2
-- zh: 绩效未达
-- en: Evaluated below target
-- basis: policy rule set (targets met from)
WITH newest AS (SELECT award, max(entry_index) AS entry_index FROM subsidy_evaluated GROUP BY award)
SELECT a.award, a.amount_fen, e.currency, r.name || '：实际 ' || r.actual || '，目标 ' || coalesce(r.target, k.target),
       r.name || ': actual ' || r.actual || ', target ' || coalesce(r.target, k.target),
       a.entry_index || ',' || n.entry_index, coalesce(r.target, k.target) AS "limit", r.actual AS found
FROM newest n
JOIN subsidy_awarded a ON a.award = n.award
JOIN entry e ON e.entry_index = a.entry_index
JOIN award_policy p ON p.award = n.award
JOIN subsidy_evaluated_results r ON r.entry_index = n.entry_index
LEFT JOIN subsidy_awarded_kpis k ON k.entry_index = a.entry_index AND k.name = r.name
WHERE r.actual IS NOT NULL AND CAST(r.actual AS REAL) * 10000 < CAST(coalesce(r.target, k.target) AS REAL) * p.kpi_bp
ORDER BY a.award, r.item;
