-- view: subsidy_trace
-- version: 1
-- zh: 补助使用台账
-- en: Subsidy trace
-- reader: auditor
-- param: award = one award
-- param: payee = party id
-- param: platform = platform id
-- param: instrument = policy instrument
-- param: programme = programme as listed
-- column: award text Award | 补助编号
-- column: payee text Payee | 承担单位
-- column: platform text Platform | 平台
-- column: instrument text Instrument | 政策工具
-- column: mode text Mode | 方式
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
-- column: acceptance text Acceptance | 验收
-- column: confirmed money Confirmed | 确认
-- column: assurance int Level | 可信级别
-- column: last_entry int Last entry | 最后条目
SELECT m.award, coalesce(p.name, m.payee) AS payee, m.platform, m.instrument, m.mode, m.doc_no, m.currency,
       m.awarded, m.disbursed, m.received, m.spent, coalesce(t.traced, 0) AS traced, m.spent - coalesce(t.traced, 0) AS untraced, m.received - m.spent AS balance,
       m.received - m.spent - coalesce(cash.amount, 0) AS unexplained,
       acc.result AS acceptance, acc.confirmed_fen AS confirmed, m.assurance,
       max(m.last_entry, coalesce(acc.entry_index, 0)) AS last_entry
FROM award_money m
LEFT JOIN (SELECT o.award, sum(p.amount) AS amount
           FROM posting p JOIN (SELECT entry_index, award FROM subsidy_received
                                UNION ALL SELECT entry_index, award FROM expenditure_recorded) o ON o.entry_index = p.entry_index
           WHERE p.account = 'cash-special' GROUP BY o.award) cash ON cash.award = m.award
LEFT JOIN award_traced t ON t.award = m.award
LEFT JOIN party_name p ON p.party = m.payee
LEFT JOIN subsidy_acceptance acc ON acc.entry_index = (SELECT max(s.entry_index) FROM subsidy_acceptance s WHERE s.award = m.award)
WHERE (:award IS NULL OR m.award = :award) AND (:payee IS NULL OR m.payee = :payee)
  AND (:platform IS NULL OR m.platform = :platform) AND (:instrument IS NULL OR m.instrument = :instrument)
  AND (:programme IS NULL OR m.programme = :programme)
ORDER BY m.award;
