-- view: receipts
-- version: 1
-- zh: 收入明细
-- en: Receipts and refunds
-- reader: platform
-- param: platform entity:platform = platform id
-- param: stream code:stream = SERVICE, TECHNOLOGY_SALES, COMMERCIALISATION, INCUBATION or INVESTMENT_RETURN
-- param: period period = 2026, 2026-Q1 or 2026-03
-- param: payer party = party id
-- param: currency currency = as CNY
-- totals: gross tax net
-- column: platform text Platform | 平台
-- column: legal_date date Date | 日期
-- column: stream enum:RevenueStream Stream | 收入类型
-- column: payer text Payer | 付款方
-- column: currency text Currency | 币种
-- column: gross money Gross | 含税收入
-- column: tax money Tax | 税额
-- column: net money Net | 净收入
-- column: invoice text Invoice | 发票
-- column: contract text Contract | 合同
-- column: project text Project | 项目
-- column: voucher int By voucher | 创新券
-- column: assurance int Level | 可信级别
-- column: entry int Entry | 条目
-- key: entry
-- drill: entries list={entry}
WITH moved AS (
  SELECT entry_index, platform, stream, payer, gross_fen, tax_fen, net_fen, invoice_number, contract, project,
         voucher_funded
  FROM revenue_received
  WHERE (:platform IS NULL OR platform = :platform)
  UNION ALL
  SELECT entry_index, platform, stream, NULL, -gross_fen, -tax_fen, -net_fen, NULL, NULL, NULL, 0 FROM revenue_reversed
  WHERE (:platform IS NULL OR platform = :platform))
SELECT m.platform, e.legal_date, m.stream, coalesce((SELECT p.name FROM party_registered p WHERE p.party = m.payer),
                                                    m.payer) AS payer, e.currency, m.gross_fen AS gross,
       m.tax_fen AS tax, m.net_fen AS net, m.invoice_number AS invoice, m.contract, m.project,
       m.voucher_funded AS voucher, e.assurance, m.entry_index AS entry
FROM moved m JOIN entry e ON e.entry_index = m.entry_index
WHERE (:stream IS NULL OR m.stream = :stream) AND (:payer IS NULL OR m.payer = :payer)
  AND (:currency IS NULL OR e.currency = :currency)
  AND (:period IS NULL OR e.legal_date LIKE :period || '-%'
       OR :period = substr(e.legal_date, 1, 4) || '-Q' || ((CAST(substr(e.legal_date, 6, 2) AS INTEGER) + 2) / 3))
ORDER BY m.platform, e.legal_date, m.entry_index;
