-- finding: S09 OVERSPEND M
-- version: 3
-- zh: 支出超过补助或科目预算
-- en: Spent more than awarded or budgeted for the line
-- basis: budget of the award and its adjustments; policy rule set (tolerance by line)
WITH budget AS (
  SELECT award, line, sum(fen) AS fen, min(entry_index) AS entry_index, group_concat(entry_index) AS entries
  FROM (SELECT a.award, l.line, l.amount_fen AS fen, a.entry_index
        FROM subsidy_awarded a JOIN subsidy_awarded_lines l ON l.entry_index = a.entry_index
        UNION ALL
        SELECT b.award, c.line, c.amount_fen, b.entry_index
        FROM budget_adjusted b JOIN budget_adjusted_changes c ON c.entry_index = b.entry_index) l
  GROUP BY award, line),
used AS (
  SELECT x.award, x.line, sum(x.claim_fen) AS fen, group_concat(x.entry_index) AS entries
  FROM expenditure_recorded x WHERE x.line IS NOT NULL AND x.award IN (SELECT award FROM budget)
  GROUP BY x.award, x.line)
SELECT m.award, m.spent - m.awarded, m.currency, '支出合计超过下达金额' AS zh, 'claims add up to more than the award' AS en,
       m.entry_index || ',' || m.spent_entries, 'fen:' || m.awarded AS "limit", 'fen:' || m.spent AS found
FROM award_money m
WHERE m.spent > m.awarded
UNION ALL
SELECT b.award || ' ' || b.line, u.fen - b.fen, e.currency, '科目 ' || b.line || ' 支出超过预算',
       'line ' || b.line || ' is overspent', b.entries || ',' || u.entries,
       'fen:' || (b.fen + b.fen / 10000 * coalesce(p.line_tolerance_bp, 0)
                  + b.fen % 10000 * coalesce(p.line_tolerance_bp, 0) / 10000), 'fen:' || u.fen
FROM budget b JOIN used u ON u.award = b.award AND u.line = b.line JOIN entry e ON e.entry_index = b.entry_index
LEFT JOIN award_policy p ON p.award = b.award
WHERE u.fen > b.fen + b.fen / 10000 * coalesce(p.line_tolerance_bp, 0) + b.fen % 10000 * coalesce(p.line_tolerance_bp,
      0) / 10000
ORDER BY 1;
