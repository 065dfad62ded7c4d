-- view: revenue
-- version: 2
-- zh: 收入结构
-- en: Revenue by stream and period
-- reader: platform
-- param: platform entity:platform = platform id
-- param: stream code:stream = SERVICE, TECHNOLOGY_SALES, COMMERCIALISATION, INCUBATION or INVESTMENT_RETURN
-- param: year year = four digits
-- param: month month = the month, or the quarter or year that holds it
-- param: by word:month,quarter,year = month, quarter or year (month when not given)
-- chart: stacked period net stream
-- totals: gross refunds tax net voucher_gross unexplained
-- column: platform text Platform | 平台
-- column: period text Period | 期间
-- column: stream enum:RevenueStream Stream | 收入类型
-- column: currency text Currency | 币种
-- column: gross money Gross | 含税收入
-- column: refunds money Refunds | 退款
-- column: tax money Tax | 税额
-- column: net money Net | 净收入
-- column: receipts int Receipts | 笔数
-- column: voucher_gross money By voucher | 创新券支付
-- column: year_before money A year before | 上年同期
-- column: yoy_pct real Change % | 同比%
-- column: unexplained money Unexplained | 未解释差额
-- key: platform period stream currency
-- drill: receipts platform={platform} period={period} stream={stream} currency={currency}
WITH moved AS (
  SELECT platform, stream, period, currency, gross_fen AS gross, 0 AS refunds, tax_fen AS tax, net_fen AS net,
         events AS receipts, CASE WHEN voucher_funded <> 0 THEN gross_fen ELSE 0 END AS voucher_gross, 0 AS posted
  FROM month_revenue_received WHERE (:platform IS NULL OR platform = :platform)
  UNION ALL
  SELECT platform, stream, period, currency, 0, gross_fen, -tax_fen, -net_fen, 0, 0, 0 FROM month_revenue_reversed
  WHERE (:platform IS NULL OR platform = :platform)
  UNION ALL
  SELECT books, substr(account, 9), period, currency, 0, 0, 0, 0, 0, 0, -amount FROM stream_posting_month
  WHERE account LIKE 'revenue/%'
    AND (:platform IS NULL OR books = :platform)),
placed AS (
  SELECT m.*, CASE :by WHEN 'year' THEN substr(period, 1, 4) WHEN 'quarter' THEN substr(period, 1, 4) || '-Q'
    || ((CAST(substr(period, 6, 2) AS INTEGER) + 2) / 3)
                       ELSE period END AS bucket
  FROM moved m WHERE (:stream IS NULL OR m.stream = :stream)),
summed AS MATERIALIZED (
  SELECT platform, bucket, stream, currency, sum(gross) AS gross, sum(refunds) AS refunds, sum(tax) AS tax,
         sum(net) AS net, sum(receipts) AS receipts, sum(voucher_gross) AS voucher_gross,
         sum(net) - sum(posted) AS unexplained
  FROM placed GROUP BY platform, bucket, stream, currency)
SELECT s.platform, s.bucket AS period, s.stream, s.currency, s.gross, s.refunds, s.tax, s.net, s.receipts,
       s.voucher_gross, b.net AS year_before, CASE WHEN b.net > 0 THEN 100.0 * (s.net - b.net) / b.net END AS yoy_pct,
       s.unexplained
FROM summed s
LEFT JOIN summed b ON b.platform = s.platform AND b.stream = s.stream AND b.currency = s.currency
                  AND b.bucket = (CAST(substr(s.bucket, 1, 4) AS INTEGER) - 1) || substr(s.bucket, 5)
WHERE (:year IS NULL OR substr(s.bucket, 1, 4) = :year)
  AND (:month IS NULL OR s.bucket = CASE :by WHEN 'year' THEN substr(:month, 1, 4)
                                      WHEN 'quarter' THEN substr(:month, 1, 4) || '-Q'
                                        || ((CAST(substr(:month, 6, 2) AS INTEGER) + 2) / 3)
                                      ELSE :month END)
ORDER BY s.platform, s.bucket, s.stream, s.currency;
