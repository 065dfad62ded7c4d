-- finding: S04 DUP_INVOICE H
-- version: 2
-- zh: 发票重复
-- en: One invoice claimed beyond its amount over all awards
-- basis: one cost is claimed once (财会〔2020〕6号)
SELECT 'invoice ' || c.invoice_number, c.amount, c.currency, '发票列支于 ' || c.awards, 'claimed under ' || c.awards,
       c.entries, 'fen:' || c.total AS "limit", 'fen:' || c.claimed AS found
FROM (
SELECT x.invoice_number, sum(x.claim_fen) - max(x.invoice_total_fen) AS amount,
       max(x.invoice_total_fen) AS total, sum(x.claim_fen) AS claimed, min(e.currency) AS currency,
       group_concat(x.entry_index) AS entries, (SELECT group_concat(a.award)
                                                FROM (SELECT award FROM expenditure_recorded
                                                      WHERE invoice_number = x.invoice_number GROUP BY award
                                                      ORDER BY min(entry_index)) a) AS awards
FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index
WHERE x.invoice_number IS NOT NULL
GROUP BY x.invoice_number
HAVING sum(x.claim_fen) > max(x.invoice_total_fen)) c
ORDER BY c.invoice_number;
