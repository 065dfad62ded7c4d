-- finding: S06 VOIDED_INVOICE H
-- version: 3
-- zh: 红字或作废发票
-- en: Claimed on an invoice that was voided or taken back
-- basis: an invoice that is void proves no cost
WITH said AS (
  SELECT v.invoice, coalesce(v.seller, n.party, replace(v.seller_name, ' ', '')) AS seller, v.code, v.amount_fen AS fen,
         v.entry_index
  FROM invoice_voided v LEFT JOIN seller_name n ON n.name = replace(v.seller_name, ' ', '')
  UNION ALL
  SELECT r.invoice_number, p.party, r.invoice_code, v.gross_fen, v.entry_index
  FROM revenue_reversed v JOIN target t ON t.entry_index = v.entry_index
  JOIN revenue_received r ON r.entry_index = t.target JOIN platform_party p ON p.platform = r.platform
  WHERE r.invoice_number IS NOT NULL),
voided AS (  -- in capitals, as invoice_claim has it
  SELECT CASE WHEN substr(invoice, 1, 5) = 'hmac:' THEN invoice ELSE upper(invoice) END AS invoice, seller,
         upper(code) AS code, fen, entry_index
  FROM said),
claimed AS MATERIALIZED (
  SELECT c.invoice_number, c.code, c.seller, sum(c.claim_fen) AS fen, min(e.currency) AS currency,
         group_concat(c.entry_index) AS entries
  FROM invoice_claim c JOIN entry e ON e.entry_index = c.entry_index
  WHERE c.invoice_number IN (SELECT invoice FROM voided) GROUP BY c.invoice_number, c.code, c.seller),
gone AS (
  SELECT invoice_number, code, seller, CASE WHEN min(fen) = 0 THEN NULL ELSE sum(fen) END AS fen,
         group_concat(entry_index) AS entries, min(named) AS named
  FROM (SELECT DISTINCT c.invoice_number, c.code, c.seller, v.fen, v.entry_index,
               CASE WHEN v.seller IS NULL OR c.seller = '' THEN 0 ELSE 1 END AS named
        FROM claimed c JOIN voided v ON v.invoice = c.invoice_number
        WHERE (v.seller IS NULL OR c.seller = '' OR v.seller = c.seller) AND (v.code IS NULL OR v.code = c.code)) h
  GROUP BY invoice_number, code, seller)
SELECT 'invoice ' || x.invoice_number, min(coalesce(g.fen, x.fen), x.fen), x.currency,
       '列支于 ' || w.awards || ' 的发票已作废或红冲' || CASE g.named WHEN 0 THEN '；销售方未注明，请核对' ELSE '' END,
       'claimed under ' || w.awards || ', then voided or taken back'
       || CASE g.named WHEN 0 THEN '; the seller is not stated on both, compare them' ELSE '' END,
       x.entries || ',' || g.entries
FROM gone g
JOIN claimed x ON x.invoice_number = g.invoice_number AND x.code = g.code AND x.seller = g.seller
JOIN invoice_awards w ON w.invoice_number = x.invoice_number AND w.code = x.code AND w.seller = x.seller
ORDER BY x.invoice_number, x.code, x.seller;
