-- view: subsidy_totals
-- version: 2
-- zh: 补助汇总
-- en: Subsidy totals
-- reader: auditor
-- param: jurisdiction division = division or country of the authority, with what lies in it
-- totals: awarded disbursed received spent
-- column: instrument text Instrument | 政策工具
-- column: programme text Programme | 计划类别
-- column: currency text Currency | 币种
-- column: awards int Awards | 笔数
-- column: awarded money Awarded | 下达
-- column: disbursed money Disbursed | 拨付
-- column: received money Received | 到账
-- column: spent money Spent | 支出
-- column: overspent int Overspent | 超支笔数
-- column: negative int Negative | 负数笔数
-- key: instrument programme currency
-- drill: subsidy_trace instrument={instrument} programme={programme}
SELECT m.instrument, m.programme, m.currency, count(*) AS awards, sum(m.awarded) AS awarded,
       sum(m.disbursed) AS disbursed, sum(m.received) AS received, sum(m.spent) AS spent,
       sum(m.spent > m.awarded) AS overspent, sum(m.spent < 0) AS negative
FROM award_money m
WHERE (:jurisdiction IS NULL OR :jurisdiction = 'CN' OR m.jurisdiction LIKE CASE
         WHEN substr(:jurisdiction, 3) = '0000' THEN substr(:jurisdiction, 1, 2) || '%'
         WHEN substr(:jurisdiction, 5) = '00' THEN substr(:jurisdiction, 1, 4) || '%' ELSE :jurisdiction END)
GROUP BY m.instrument, m.programme, m.currency
ORDER BY m.instrument, m.programme, m.currency;
