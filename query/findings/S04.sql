-- finding: S04 DUP_INVOICE H
-- version: 2
-- zh: 发票重复
-- en: One invoice claimed beyond its amount over all awards
-- basis: one cost is claimed once (财会〔2020〕6号)
SELECT 'invoice ' || c.invoice_number, c.amount, c.currency, '发票列支于 ' || w.awards, 'claimed under ' || w.awards,
       c.entries, 'fen:' || c.total AS "limit", 'fen:' || c.claimed AS found
FROM (
SELECT x.invoice_number, sum(x.claim_fen) - max(x.invoice_total_fen) AS amount,
       max(x.invoice_total_fen) AS total, sum(x.claim_fen) AS claimed, min(e.currency) AS currency,
       group_concat(x.entry_index) AS entries
FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index
WHERE x.invoice_number IS NOT NULL
GROUP BY x.invoice_number
HAVING sum(x.claim_fen) > max(x.invoice_total_fen)) c
JOIN invoice_awards w ON w.invoice_number = c.invoice_number
ORDER BY c.invoice_number;
