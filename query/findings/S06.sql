-- finding: S06 VOIDED_INVOICE H
-- version: 1
-- zh: 红字或作废发票
-- en: Claimed on an invoice that was voided or taken back
-- basis: an invoice that is void proves no cost
WITH voided AS (
  SELECT invoice, amount_fen AS fen, entry_index FROM invoice_voided
  UNION ALL
  SELECT r.invoice_number, v.gross_fen, v.entry_index
  FROM revenue_reversed v JOIN target t ON t.entry_index = v.entry_index
  JOIN revenue_received r ON r.entry_index = t.target
  WHERE r.invoice_number IS NOT NULL),
gone AS MATERIALIZED (
  SELECT invoice, CASE WHEN min(fen) = 0 THEN NULL ELSE sum(fen) END AS fen, group_concat(entry_index) AS entries
  FROM voided
  GROUP BY invoice)
SELECT 'invoice ' || x.invoice_number, min(coalesce(g.fen, x.fen), x.fen), x.currency,
       '列支于 ' || w.awards || ' 的发票已作废或红冲', 'claimed under ' || w.awards || ', then voided or taken back',
       x.entries || ',' || g.entries
FROM gone g
JOIN (SELECT c.invoice_number, sum(c.claim_fen) AS fen, min(e.currency) AS currency,
             group_concat(c.entry_index) AS entries
      FROM expenditure_recorded c JOIN entry e ON e.entry_index = c.entry_index
      WHERE c.invoice_number IN (SELECT invoice FROM gone) GROUP BY c.invoice_number) x ON x.invoice_number = g.invoice
JOIN invoice_awards w ON w.invoice_number = x.invoice_number
ORDER BY x.invoice_number;
