-- view: portfolio
-- version: 2
-- zh: 贷款组合
-- en: Loan portfolio
-- reader: bank
-- param: bank party = party id
-- param: loan entity:loan = loan id
-- param: debtor party = party id
-- totals: granted drawn repaid outstanding
-- column: loan text Loan | 贷款编号
-- column: bank text Bank | 银行
-- column: debtor text Debtor | 借款人
-- column: product enum:LoanProduct Product | 产品
-- column: currency text Currency | 币种
-- column: granted money Granted | 授信
-- column: drawn money Drawn | 提款
-- column: repaid money Principal repaid | 已还本金
-- column: outstanding money Outstanding | 余额
-- column: rate_pct real Rate % | 年利率%
-- column: maturity date Maturity | 到期日
-- column: bucket text Matures in | 剩余期限
-- label: bucket past past due | 已到期
-- label: bucket 3m 3 months | 3个月内
-- label: bucket 12m 12 months | 1年内
-- label: bucket 36m 3 years | 3年内
-- label: bucket longer longer | 3年以上
-- column: class enum:LoanClass Class | 分类
-- column: pledge text Pledge | 质押编号
-- column: pledge_state text Pledge state | 质押状态
-- label: pledge_state agreed agreed | 约定
-- label: pledge_state active in pledge | 在押
-- label: pledge_state released released | 已注销
-- label: pledge_state enforced enforced | 已实现
-- label: pledge_state revoked revoked | 已撤销
-- column: value money Valued at | 评估值
-- column: ltv_pct real LTV % | 质押率%
-- column: alerts text Alerts | 提示
-- label: alerts past-due past-due | 逾期
-- label: alerts unreleased unreleased | 还清未注销
-- label: alerts not-registered not-registered | 未登记
-- label: alerts right-expires right-expires-first | 权利先期满
-- label: alerts impaired right-impaired | 权利受损
-- column: unexplained money Unexplained | 未解释差额
-- column: entity text Entity | 对象
-- key: loan
-- drill: entries entity={entity}
WITH book AS MATERIALIZED (
  SELECT b.*, b.drawn - b.repaid AS outstanding, (SELECT "on" FROM as_of) AS today,
         (SELECT min(q.state) FROM pledge_asset q WHERE q.pledge = b.pledge) AS pledge_state,
         (SELECT min(i.expires_on) FROM pledge_agreed a JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
          JOIN ip_asset_recorded i ON i.number = x.value WHERE a.pledge = b.pledge) AS expires_on,
         EXISTS (SELECT 1 FROM pledge_agreed a JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
                 JOIN ip_status_observed o ON o.ip = x.value AND o.code IN ('IW01', 'CF01', 'CX01', 'PP01', 'AV01')
                 WHERE a.pledge = b.pledge) AS impaired
  FROM loan_book b
  WHERE b.loan IS NOT NULL  -- withheld from this reader: no row of blanks and noughts
    AND (:bank IS NULL OR b.bank = :bank) AND (:loan IS NULL OR b.loan = :loan)
    AND (:debtor IS NULL OR b.debtor = :debtor)),
payable AS MATERIALIZED (SELECT loan, sum(amount) AS amount FROM loan_posting WHERE account = 'loans-payable'
                           AND (:loan IS NULL OR loan = :loan) GROUP BY loan)
SELECT b.loan, coalesce((SELECT p.name FROM party_registered p WHERE p.party = b.bank), b.bank) AS bank,
       coalesce((SELECT p.name FROM party_registered p WHERE p.party = b.debtor), b.debtor) AS debtor,
       b.product, b.currency, b.granted, b.drawn, b.repaid, b.outstanding, b.rate_bp / 100.0 AS rate_pct, b.maturity,
       CASE WHEN b.outstanding <= 0 THEN NULL WHEN b.maturity < b.today THEN 'past'
         WHEN b.maturity <= add_months(b.today, 3) THEN '3m'
            WHEN b.maturity <= add_months(b.today, 12) THEN '12m' WHEN b.maturity <= add_months(b.today, 36) THEN '36m'
            WHEN b.maturity IS NOT NULL THEN 'longer' END AS bucket,
       b.class, b.pledge, b.pledge_state, b.value_fen AS value,
       CASE WHEN b.value_fen > 0 THEN 100.0 * b.outstanding / b.value_fen
         END AS ltv_pct,
       trim(CASE WHEN b.outstanding > 0 AND b.maturity < b.today THEN ' past-due' ELSE '' END
            || CASE WHEN b.drawn > 0 AND b.outstanding <= 0 AND b.pledge_state = 'active' THEN ' unreleased' ELSE '' END
            || CASE WHEN b.outstanding > 0 AND b.pledge_state = 'agreed' THEN ' not-registered' ELSE '' END
            || CASE WHEN b.outstanding > 0 AND b.expires_on < b.maturity THEN ' right-expires' ELSE '' END
            || CASE WHEN b.outstanding > 0 AND b.impaired THEN ' impaired' ELSE '' END) AS alerts,
       b.outstanding + coalesce(y.amount, 0) AS unexplained, 'loan:' || b.loan AS entity
FROM book b LEFT JOIN payable y ON y.loan = b.loan
ORDER BY b.bank, b.maturity, b.loan;
