-- finding: S04 DUP_INVOICE H
-- version: 4
-- zh: 发票重复
-- en: One invoice claimed beyond its amount over all awards
-- basis: one cost is claimed once (财会〔2020〕6号); an invoice is its seller, code and number
SELECT 'invoice ' || c.invoice_number, c.amount, c.currency,
       '发票列支于 ' || w.awards || CASE WHEN c.seller <> '' THEN '，销售方 ' || c.seller ELSE '' END,
       'claimed under ' || w.awards || CASE WHEN c.seller <> '' THEN ', seller ' || c.seller ELSE '' END,
       c.entries, 'fen:' || c.total AS "limit", 'fen:' || c.claimed AS found
FROM (
SELECT x.invoice_number, x.code, x.seller, sum(x.claim_fen) - max(x.invoice_total_fen) AS amount,
       max(x.invoice_total_fen) AS total, sum(x.claim_fen) AS claimed, min(e.currency) AS currency,
       group_concat(x.entry_index) AS entries
FROM invoice_claim x JOIN entry e ON e.entry_index = x.entry_index
GROUP BY x.invoice_number, x.code, x.seller
HAVING sum(x.claim_fen) > max(x.invoice_total_fen)) c
JOIN invoice_awards w ON w.invoice_number = c.invoice_number AND w.code = c.code AND w.seller = c.seller
ORDER BY c.invoice_number, c.code, c.seller;
