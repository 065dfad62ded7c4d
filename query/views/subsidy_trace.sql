-- view: subsidy_trace
-- version: 3
-- zh: 补助使用台账
-- en: Subsidy trace
-- reader: auditor
-- param: award entity:award = one award
-- param: payee party = party id
-- param: platform entity:platform = platform id
-- param: instrument value = policy instrument
-- param: programme value:award_money.programme = programme as listed
-- totals: awarded disbursed received spent traced untraced balance unexplained matching_promised matching_paid returned
-- column: award text Award | 补助编号
-- column: payee text Payee | 承担单位
-- column: platform text Platform | 平台
-- column: instrument text Instrument | 政策工具
-- column: mode enum:FundingMode Mode | 方式
-- column: doc_no text Document | 文号
-- column: currency text Currency | 币种
-- column: awarded money Awarded | 下达
-- column: disbursed money Disbursed | 拨付
-- column: received money Received | 到账
-- column: spent money Spent | 支出
-- column: traced money Traced | 已溯源
-- column: untraced money Untraced | 未溯源
-- column: balance money Balance | 结余
-- column: unexplained money Unexplained | 未解释差额
-- column: acceptance enum:AcceptanceResult Acceptance | 验收
-- column: confirmed money Confirmed | 确认
-- column: assurance int Level | 可信级别
-- column: last_entry int Last entry | 最后条目
-- column: passed money Passed on | 转拨
-- column: matching_promised money Matching promised | 配套承诺
-- column: matching_paid money Matching paid | 配套到位
-- column: returned money Returned | 退回
-- column: days_idle int Days idle | 沉淀天数
-- column: kpi_pct real Targets % | 绩效完成%
-- column: findings_h int Raised, open H | 审计提出未销号（高）
-- column: findings_m int Raised, open M | 审计提出未销号（中）
-- column: findings_l int Raised, open L | 审计提出未销号（低）
-- column: acceptance_due date Acceptance due | 验收期限
-- key: award
-- drill: subsidy_items award={award}
WITH m AS MATERIALIZED (
  SELECT u.* FROM award_use u
  WHERE (:award IS NULL OR u.award = :award) AND (:payee IS NULL OR u.payee = :payee)
    AND (:platform IS NULL OR u.platform = :platform) AND (:instrument IS NULL OR u.instrument = :instrument)
    AND (:programme IS NULL OR u.programme = :programme)),
books AS MATERIALIZED (SELECT award, sum(amount) AS amount FROM award_posting WHERE account = 'cash-special'
                         AND (:award IS NULL OR award = :award) GROUP BY award),
open AS MATERIALIZED (
  SELECT f.award, sum(f.severity = 'HIGH') AS h, sum(f.severity = 'MEDIUM') AS m, sum(f.severity = 'LOW') AS l
  FROM audit_finding_raised f
  WHERE f.award IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_finding_closed c WHERE c.finding = f.finding)
    AND (:award IS NULL OR f.award = :award)
  GROUP BY f.award)
SELECT m.award, coalesce((SELECT p.name FROM party_registered p WHERE p.party = m.payee), m.payee) AS payee, m.platform,
       m.instrument,
       m.mode, m.doc_no, m.currency,
       m.awarded, m.disbursed, m.received, m.spent, m.traced, m.spent - m.traced AS untraced,
       m.received + m.matching_paid - m.spent - m.returned AS balance,
       m.received + m.matching_paid - m.spent - m.returned - coalesce(books.amount, 0) AS unexplained,
       acc.result AS acceptance, acc.confirmed_fen AS confirmed, m.assurance,
       max(m.last_entry, coalesce(acc.entry_index, 0)) AS last_entry,
       m.passed, nullif(m.matching_fen, 0) AS matching_promised, m.matching_paid, m.returned,
       CASE WHEN m.received + m.matching_paid > m.spent + m.returned
            THEN CAST(julianday((SELECT "on" FROM as_of)) - julianday(max(m.first_received, coalesce(m.last_spent,
                m.first_received))) AS INTEGER) END AS days_idle,
       (SELECT 100.0 * avg(CAST(r.actual AS REAL) / CAST(coalesce(r.target, k.target) AS REAL))
        FROM subsidy_evaluated_results r LEFT JOIN subsidy_awarded_kpis k ON k.entry_index = m.entry_index
          AND k.name = r.name
        WHERE r.entry_index = (SELECT max(v.entry_index) FROM subsidy_evaluated v WHERE v.award = m.award)
          AND CAST(coalesce(r.target, k.target) AS REAL) <> 0) AS kpi_pct,
       coalesce(open.h, 0) AS findings_h, coalesce(open.m, 0) AS findings_m, coalesce(open.l, 0) AS findings_l,
       coalesce((SELECT a.acceptance_due FROM subsidy_awarded a WHERE a.entry_index = m.entry_index),
                add_months(m.period_to, (SELECT p.acceptance_months FROM award_policy p WHERE p.award = m.award)))
         AS acceptance_due
FROM m
LEFT JOIN books ON books.award = m.award
LEFT JOIN open ON open.award = m.award
LEFT JOIN subsidy_acceptance acc ON acc.entry_index = (SELECT max(s.entry_index) FROM subsidy_acceptance s
                                                       WHERE s.award = m.award)
ORDER BY m.award;
