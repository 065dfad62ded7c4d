-- finding: S24 CLAWBACK_OPEN H
-- version: 2
-- zh: 未追回
-- en: Ordered back and not repaid in time
-- basis: due date of the order
WITH repaid AS (SELECT clawback, sum(amount_fen) AS fen, group_concat(entry_index) AS entries FROM clawback_repaid
                GROUP BY clawback)
SELECT 'clawback ' || c.clawback, c.amount_fen - coalesce(r.fen, 0), e.currency,
       '补助 ' || c.award || ' 应于 ' || c.due_on || ' 前缴回', 'award ' || c.award || ', to be repaid by ' || c.due_on,
       c.entry_index || coalesce(',' || r.entries, ''), 'fen:' || c.amount_fen AS "limit",
       'fen:' || coalesce(r.fen, 0) AS found
FROM clawback_ordered c
JOIN entry e ON e.entry_index = c.entry_index
LEFT JOIN repaid r ON r.clawback = c.clawback
WHERE c.due_on < :on AND c.amount_fen > coalesce(r.fen, 0)
ORDER BY c.clawback;
