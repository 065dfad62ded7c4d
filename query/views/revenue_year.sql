-- view: revenue_year
-- version: 2
-- zh: 年度收入与自我造血
-- en: A platform's year: revenue, clients, self-funding
-- reader: platform
-- param: platform entity:platform = platform id
-- param: year year = four digits
-- totals: gross tax refunds net cost unexplained
-- column: platform text Platform | 平台
-- column: year text Year | 年度
-- column: currency text Currency | 币种
-- column: gross money Gross | 含税收入
-- column: tax money Tax | 税额
-- column: refunds money Refunds | 退款
-- column: net money Net | 净收入
-- column: invoices int Invoices | 发票数
-- column: contracts int Contracts | 合同数
-- column: clients int Clients | 客户数
-- column: external_pct real External % | 对外%
-- column: voucher_pct real By voucher % | 创新券%
-- column: related_pct real Related % | 关联%
-- column: top5_pct real Top five % | 前五大%
-- column: cost money Operating cost | 运营成本
-- column: self_funding_pct real Self-funding % | 自我造血率%
-- column: year_before money A year before | 上年
-- column: yoy_pct real Change % | 同比%
-- column: unexplained money Unexplained | 未解释差额
-- column: unnamed_pct real Payer not stated % | 未注明付款方%
-- key: platform year currency
-- drill: receipts platform={platform} period={year} currency={currency}
WITH related AS MATERIALIZED (
  SELECT DISTINCT f.platform, r.other AS party FROM platform_party f JOIN related_party r ON r.party = f.party),
inside AS MATERIALIZED (
  SELECT platform, party FROM platform_party UNION SELECT p.platform, b.party FROM platform_established p
  JOIN platform_established_builders b ON b.entry_index = p.entry_index),
receipt AS MATERIALIZED (
  SELECT r.platform, substr(e.legal_date, 1, 4) AS year, e.currency, coalesce(r.payer, '') AS payer,
         r.gross_fen AS gross, r.tax_fen AS tax, r.net_fen AS net,
         coalesce(r.invoice_code, '') || '/' || r.invoice_number AS invoice, r.contract, r.voucher_funded
  FROM revenue_received r JOIN entry e ON e.entry_index = r.entry_index
  WHERE (:platform IS NULL OR r.platform = :platform)),
client AS MATERIALIZED (
  SELECT c.*, row_number() OVER (PARTITION BY platform, year, currency ORDER BY payer = '', gross DESC, payer) AS place,
         EXISTS (SELECT 1 FROM inside i WHERE i.platform = c.platform AND i.party = c.payer) AS own,
         EXISTS (SELECT 1 FROM related r WHERE r.platform = c.platform AND r.party = c.payer) AS related
  FROM (SELECT platform, year, currency, payer, sum(gross) AS gross FROM receipt
        GROUP BY platform, year, currency, payer) c),
spread AS (
  SELECT platform, year, currency, sum(payer <> '') AS clients, sum(gross) AS gross,
         sum(CASE WHEN own OR payer = '' THEN 0 ELSE gross END) AS external,
         sum(CASE WHEN related OR own THEN gross ELSE 0 END) AS related,
         sum(CASE WHEN place <= 5 AND payer <> '' THEN gross ELSE 0 END) AS top5,
         sum(CASE WHEN payer = '' THEN gross ELSE 0 END) AS unnamed
  FROM client GROUP BY platform, year, currency),
earned AS (
  SELECT platform, year, currency, sum(gross) AS gross, sum(tax) AS tax, sum(net) AS net,
         count(DISTINCT invoice) AS invoices, count(DISTINCT contract) AS contracts,
         sum(CASE WHEN voucher_funded <> 0 THEN gross ELSE 0 END) AS voucher
  FROM receipt GROUP BY platform, year, currency),
refunded AS (SELECT platform, substr(period, 1, 4) AS year, currency, sum(gross_fen) AS gross, sum(tax_fen) AS tax,
             sum(net_fen) AS net
             FROM month_revenue_reversed GROUP BY 1, 2, 3),
cost AS (SELECT platform, substr(period, 1, 4) AS year, currency, sum(cost_fen) AS fen
         FROM month_operating_cost_reported GROUP BY 1, 2, 3),
posted AS (SELECT books AS platform, substr(period, 1, 4) AS year, currency, -sum(amount) AS net
           FROM stream_posting_month
           WHERE account LIKE 'revenue/%' GROUP BY 1, 2, 3),
total AS MATERIALIZED (
  SELECT e.platform, e.year, e.currency, e.gross, e.tax - coalesce(r.tax, 0) AS tax, coalesce(r.gross, 0) AS refunds,
         e.net - coalesce(r.net, 0) AS net, e.invoices, e.contracts, e.voucher, c.fen AS cost,
         e.net - coalesce(r.net, 0) - coalesce(p.net, 0) AS unexplained
  FROM earned e
  LEFT JOIN refunded r ON r.platform = e.platform AND r.year = e.year AND r.currency = e.currency
  LEFT JOIN cost c ON c.platform = e.platform AND c.year = e.year AND c.currency = e.currency
  LEFT JOIN posted p ON p.platform = e.platform AND p.year = e.year AND p.currency = e.currency)
SELECT t.platform, t.year, t.currency, t.gross, t.tax, t.refunds, t.net, t.invoices, t.contracts, s.clients,
       100.0 * s.external / nullif(s.gross, 0) AS external_pct, 100.0 * t.voucher / nullif(s.gross, 0) AS voucher_pct,
       100.0 * s.related / nullif(s.gross, 0) AS related_pct, 100.0 * s.top5 / nullif(s.gross, 0) AS top5_pct, t.cost,
       100.0 * t.net / nullif(t.cost, 0) AS self_funding_pct, b.net AS year_before,
       CASE WHEN b.net > 0 THEN 100.0 * (t.net - b.net) / b.net END AS yoy_pct, t.unexplained,
       100.0 * s.unnamed / nullif(s.gross, 0) AS unnamed_pct
FROM total t
JOIN spread s ON s.platform = t.platform AND s.year = t.year AND s.currency = t.currency
LEFT JOIN total b ON b.platform = t.platform AND b.year = CAST(CAST(t.year AS INTEGER) - 1 AS TEXT)
  AND b.currency = t.currency
WHERE (:year IS NULL OR t.year = :year)
ORDER BY t.platform, t.year, t.currency;
