-- view: subsidy_items
-- version: 2
-- zh: 补助明细
-- en: Every movement of an award
-- reader: auditor
-- param: award entity:award = one award
-- param: step code:step = award, passed, disbursed, received, matching, spent or returned
-- totals: none
-- column: award text Award | 补助编号
-- column: step text Step | 环节
-- label: step award awarded | 下达
-- label: step passed passed on | 转拨
-- label: step disbursed disbursed | 拨付
-- label: step received received | 到账
-- label: step matching matching fund | 配套
-- label: step spent spent | 支出
-- label: step returned returned | 退回
-- column: legal_date date Date | 日期
-- column: party text From or to | 对方
-- column: line text Line | 科目
-- column: currency text Currency | 币种
-- column: amount money Amount | 金额
-- column: invoice text Invoice | 发票
-- column: invoice_total money Invoice total | 发票金额
-- column: elsewhere money Claimed elsewhere | 他处列支
-- column: payment text Payment | 付款
-- column: voucher text Voucher | 凭证
-- column: asset text Asset | 资产
-- column: installed date Installed | 安装日
-- column: evidence int Evidence | 证据数
-- column: assurance int Level | 可信级别
-- column: entry int Entry | 条目
-- key: entry
-- drill: entries list={entry}
WITH moved AS (
  SELECT award, entry_index, 'award' AS step, payee AS party, budget_line AS line, amount_fen AS amount,
         NULL AS invoice, CAST(NULL AS INTEGER) AS total, NULL AS payment, NULL AS voucher, NULL AS asset
  FROM subsidy_awarded WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'passed', "to", doc_no, amount_fen, NULL, NULL, NULL, NULL, NULL
  FROM appropriation_passed
  WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'disbursed', payee, doc_no, amount_fen, NULL, NULL, bank_ref, NULL, NULL
  FROM subsidy_disbursed
  WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'received', payee, account, amount_fen, NULL, NULL, bank_ref, NULL, NULL
  FROM subsidy_received
  WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'matching', payer, NULL, amount_fen, NULL, NULL, bank_ref, NULL, NULL
  FROM matching_paid
  WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'spent', coalesce(supplier, supplier_party), line, claim_fen, invoice_number,
      invoice_total_fen, payment_ref, voucher_no, asset
  FROM expenditure_recorded WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'returned', payee, clawback, amount_fen, NULL, NULL, bank_ref, NULL, NULL
  FROM clawback_repaid
  WHERE (:award IS NULL OR award = :award)
  UNION ALL SELECT award, entry_index, 'returned', payee, NULL, amount_fen, NULL, NULL, bank_ref, NULL, NULL
  FROM surplus_returned
  WHERE (:award IS NULL OR award = :award)),
used AS MATERIALIZED (
  SELECT entry_index, invoice_number, code, seller FROM invoice_claim WHERE (:award IS NULL OR award = :award)),
claimed AS MATERIALIZED (
  SELECT invoice_number, code, seller, count(*) AS claims, sum(claim_fen) AS fen FROM invoice_claim
  WHERE invoice_number IN (SELECT invoice_number FROM used) GROUP BY invoice_number, code, seller)
SELECT m.award, m.step, e.legal_date, coalesce((SELECT p.name FROM party_registered p WHERE p.party = m.party),
                                               m.party) AS party, m.line,
       e.currency, m.amount,
       m.invoice, m.total AS invoice_total,
       CASE WHEN c.claims > 1 THEN c.fen - m.amount END AS elsewhere,
       m.payment, m.voucher, m.asset,
       (SELECT min(ie.legal_date) FROM asset_installed i JOIN entry ie ON ie.entry_index = i.entry_index
        WHERE i.asset = m.asset) AS installed,
       e.evidence_count AS evidence, e.assurance, m.entry_index AS entry
FROM moved m JOIN entry e ON e.entry_index = m.entry_index LEFT JOIN used u ON u.entry_index = m.entry_index
LEFT JOIN claimed c ON c.invoice_number = u.invoice_number AND c.code = u.code AND c.seller = u.seller
WHERE (:step IS NULL OR m.step = :step)
ORDER BY m.award, e.legal_date, m.entry_index;
