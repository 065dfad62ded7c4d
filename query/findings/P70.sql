-- finding: P70 VOIDED_BY_OTHER H
-- version: 1
-- zh: 发票由无关单位记载作废
-- en: An invoice voided by one it does not concern
-- basis: the tax register is reported by the seller, who claimed the invoice, an auditor or a treasury
WITH claimed AS MATERIALIZED (
  SELECT entry_index, invoice_number, spender FROM expenditure_recorded
  WHERE invoice_number IN (SELECT invoice FROM invoice_voided)),
concerned AS MATERIALIZED (  -- spent on it, by the signer's own word or another's
  SELECT v.entry_index
  FROM invoice_voided v
  JOIN claimed x ON x.invoice_number = v.invoice
  JOIN entry xe ON xe.entry_index = x.entry_index
  JOIN signer xs ON xs.submission = xe.submission
  JOIN entry e ON e.entry_index = v.entry_index
  JOIN signer o ON o.submission = e.submission AND (o.party = xs.party OR o.party = x.spender))
SELECT 'entry ' || v.entry_index, nullif(v.amount_fen, 0), e.currency,
       s.party || ' 既非销售方，亦未以该发票列支，其记载不能证明发票作废',
       s.party || ' neither sold on that invoice nor claimed it: its word proves nothing against those who did',
       CAST(v.entry_index AS TEXT)
FROM invoice_voided v
JOIN entry e ON e.entry_index = v.entry_index
JOIN signer s ON s.submission = e.submission
WHERE e.importer = 0
  AND NOT EXISTS (
    SELECT 1 FROM signer o WHERE o.submission = e.submission
      AND (o.roles LIKE '%AUD%' OR o.roles LIKE '%TRS%' OR o.party = v.seller))
  AND v.entry_index NOT IN (SELECT entry_index FROM concerned)
ORDER BY v.entry_index, s.party;
