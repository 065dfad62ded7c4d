-- finding: P32 VOUCHER_REVENUE L
-- version: 2
-- zh: 创新券收入超过兑付
-- en: More voucher-funded income than vouchers settled
-- basis: voucher income is cash of a settled voucher
WITH refunded AS (
  SELECT t.target AS receipt, sum(v.gross_fen) AS fen FROM revenue_reversed v
  JOIN target t ON t.entry_index = v.entry_index
  GROUP BY t.target),
settled AS (SELECT platform, sum(amount_fen) AS fen, group_concat(entry_index) AS entries FROM voucher_settled
            GROUP BY platform),
booked AS (
  SELECT r.platform, sum(r.gross_fen - coalesce(b.fen, 0)) AS fen, min(e.currency) AS currency,
         group_concat(r.entry_index) AS entries
  FROM revenue_received r JOIN entry e ON e.entry_index = r.entry_index
  LEFT JOIN refunded b ON b.receipt = r.entry_index
  WHERE r.voucher_funded = 1 GROUP BY r.platform)
SELECT b.platform, b.fen - coalesce(s.fen, 0), b.currency, '创新券支付的收入超过已兑付金额',
       'voucher-funded income exceeds what was settled', b.entries || coalesce(',' || s.entries, ''),
       'fen:' || coalesce(s.fen, 0) AS "limit", 'fen:' || b.fen AS found
FROM booked b LEFT JOIN settled s ON s.platform = b.platform
WHERE b.fen > coalesce(s.fen, 0)
ORDER BY b.platform;
