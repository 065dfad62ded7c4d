-- view: revenue
-- version: 1
-- zh: 收入结构
-- en: Revenue by stream and month
-- reader: platform
-- param: platform = platform id
-- param: stream = SERVICE, TECHNOLOGY_SALES, COMMERCIALISATION, INCUBATION or INVESTMENT_RETURN
-- param: year = four digits
-- chart: stacked period net stream
-- column: platform text Platform | 平台
-- column: period text Month | 月份
-- column: stream text Stream | 收入类型
-- column: currency text Currency | 币种
-- column: gross money Gross | 含税收入
-- column: refunds money Refunds | 退款
-- column: tax money Tax | 税额
-- column: net money Net | 净收入
-- column: receipts int Receipts | 笔数
-- column: voucher_gross money By voucher | 创新券支付
WITH moved AS (
  SELECT entry_index, platform, stream, gross_fen AS gross, 0 AS refunds, tax_fen AS tax, net_fen AS net, 1 AS receipts,
         CASE WHEN voucher_funded THEN gross_fen ELSE 0 END AS voucher_gross
  FROM revenue_received
  UNION ALL
  SELECT entry_index, platform, stream, 0, gross_fen, -tax_fen, -net_fen, 0, 0 FROM revenue_reversed)
SELECT m.platform, substr(e.legal_date, 1, 7) AS period, m.stream, e.currency, sum(m.gross) AS gross, sum(m.refunds) AS refunds,
       sum(m.tax) AS tax, sum(m.net) AS net, sum(m.receipts) AS receipts, sum(m.voucher_gross) AS voucher_gross
FROM moved m JOIN entry e ON e.entry_index = m.entry_index
WHERE (:platform IS NULL OR m.platform = :platform) AND (:stream IS NULL OR m.stream = :stream)
  AND (:year IS NULL OR substr(e.legal_date, 1, 4) = :year)
GROUP BY m.platform, period, m.stream, e.currency
ORDER BY m.platform, period, m.stream, e.currency;
