-- finding: S16 MATCHING_SHORT M
-- version: 2
-- zh: 配套不到位
-- en: Less matching money paid than promised
-- basis: matching promised in the award
WITH paid AS (SELECT award, sum(amount_fen) AS fen, group_concat(entry_index) AS entries FROM matching_paid
              GROUP BY award),
accepted AS (SELECT award, min(entry_index) AS entry_index FROM subsidy_acceptance WHERE result = 'PASSED'
             GROUP BY award)
SELECT a.award, a.matching_fen - coalesce(p.fen, 0), e.currency, '承诺配套未足额到位', 'matching money is short',
       a.entry_index || coalesce(',' || p.entries, '') || coalesce(',' || c.entry_index, ''),
       'fen:' || a.matching_fen AS "limit", 'fen:' || coalesce(p.fen, 0) AS found
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
LEFT JOIN paid p ON p.award = a.award
LEFT JOIN accepted c ON c.award = a.award
WHERE a.matching_fen > coalesce(p.fen, 0) AND e.importer = 0 AND (a.period_to < :on OR c.award IS NOT NULL)
ORDER BY a.award;
