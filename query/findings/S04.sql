-- finding: S04 DUP_INVOICE H
-- version: 1
-- zh: 发票重复
-- en: One invoice claimed beyond its amount over all awards
-- basis: one cost is claimed once (财会〔2020〕6号)
SELECT 'invoice ' || x.invoice_number, sum(x.claim_fen) - max(x.invoice_total_fen) AS amount, min(e.currency),
       '发票列支于 ' || group_concat(DISTINCT x.award), 'claimed under ' || group_concat(DISTINCT x.award), group_concat(x.entry_index)
FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index
WHERE x.invoice_number IS NOT NULL
GROUP BY x.invoice_number
HAVING sum(x.claim_fen) > max(x.invoice_total_fen)
ORDER BY x.invoice_number;
