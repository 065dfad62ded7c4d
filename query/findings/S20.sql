-- finding: S20 PROCUREMENT M
-- version: 3
-- zh: 采购程序
-- en: Bought without a tender or split below its threshold
-- basis: policy rule set (tender threshold, window for split purchases)
WITH bought AS MATERIALIZED (
  SELECT x.award, coalesce(x.supplier_party, x.supplier) AS seller, max(x.invoice_total_fen, x.claim_fen) AS fen,
         e.legal_date, e.currency, x.entry_index, p.tender_fen, p.split_days
  FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index JOIN award_policy p ON p.award = x.award
  WHERE p.tender_fen IS NOT NULL AND p.tender_currency = e.currency
    AND x.basis = 'INVOICE' AND coalesce(x.procurement, '') NOT IN ('OPEN_TENDER', 'INVITED_TENDER'))
SELECT award, fen, currency, '单笔达到招标限额未招标' AS zh, 'at or above the tender threshold, no tender' AS en,
       CAST(entry_index AS TEXT) AS entries, 'fen:' || tender_fen AS "limit", 'fen:' || fen AS found
FROM bought WHERE fen >= tender_fen
UNION ALL
SELECT award, max(fen), currency, '疑似拆分采购：' || seller, 'split purchases from ' || seller, min(entries),
       'fen:' || min(tender_fen), 'fen:' || max(fen)
FROM (SELECT b.award, b.seller, b.currency, b.entry_index, b.tender_fen, sum(o.fen) AS fen,
             group_concat(o.entry_index) AS entries
      FROM bought b
      JOIN bought o ON o.award = b.award AND o.seller = b.seller AND o.currency = b.currency
       AND julianday(o.legal_date) BETWEEN julianday(b.legal_date) AND julianday(b.legal_date) + b.split_days
      WHERE b.fen < b.tender_fen AND o.fen < o.tender_fen AND b.split_days IS NOT NULL
      GROUP BY b.award, b.seller, b.currency, b.entry_index, b.tender_fen
      HAVING count(*) > 1 AND sum(o.fen) >= b.tender_fen) s
GROUP BY award, seller, currency
ORDER BY 1, 6;
