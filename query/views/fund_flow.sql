-- view: fund_flow
-- version: 1
-- zh: 资金流向
-- en: Flow of funds, step by step
-- reader: auditor
-- param: award entity:award = one award
-- param: instrument value = policy instrument
-- param: level code:level = province, city, county, payee or supplier
-- totals: none
-- column: award text Award | 补助编号
-- column: instrument text Instrument | 政策工具
-- column: level text Arrived at | 到达
-- label: level province province | 省级财政
-- label: level city city | 市级财政
-- label: level county county | 县级财政
-- label: level treasury treasury | 财政
-- label: level paid paid out | 拨出
-- label: level payee payee | 承担单位
-- label: level supplier supplier | 供应商
-- column: from_party text From | 拨出方
-- column: to_party text To | 收款方
-- column: legal_date date Date | 日期
-- column: days int Days since the step before | 距上一环节天数
-- column: currency text Currency | 币种
-- column: amount money Amount | 金额
-- column: entry int Entry | 条目
-- key: entry
-- chart: steps from_party to_party amount
-- drill: entries list={entry}
WITH step AS (
  SELECT f.award, f.entry_index, 2 AS place, f."from" AS source, f."to" AS target, f.amount_fen AS amount,
         coalesce((SELECT CASE WHEN length(p.division) < 6 THEN 'treasury' WHEN substr(p.division, 3) = '0000'
                            THEN 'province' WHEN substr(p.division, 5) = '00' THEN 'city' ELSE 'county' END
                   FROM party_registered p WHERE p.party = f."to"), 'treasury') AS level
  FROM appropriation_passed f
  UNION ALL
  SELECT d.award, d.entry_index, 3, coalesce((SELECT s.party FROM entry de JOIN signer s ON s.submission = de.submission
                                              WHERE de.entry_index = d.entry_index
                                                AND ',' || s.roles || ',' LIKE '%,TRS,%' ORDER BY s.item LIMIT 1),
                                             (SELECT a.payer FROM subsidy_awarded a WHERE a.award = d.award)), d.payee,
         d.amount_fen, 'paid'
  FROM subsidy_disbursed d
  UNION ALL SELECT r.award, r.entry_index, 4, NULL, r.payee, r.amount_fen, 'payee' FROM subsidy_received r
  UNION ALL SELECT x.award, x.entry_index, 5, x.spender, coalesce(x.supplier, x.supplier_party), x.claim_fen, 'supplier'
  FROM expenditure_recorded x)
SELECT s.award, a.instrument, s.level,
       coalesce((SELECT p.name FROM party_registered p WHERE p.party = s.source), s.source) AS from_party,
       coalesce((SELECT p.name FROM party_registered p WHERE p.party = s.target), s.target) AS to_party,
       e.legal_date,
       CAST(julianday(e.legal_date)
            - julianday(coalesce(lag(e.legal_date) OVER (PARTITION BY s.award
                                                         ORDER BY e.legal_date, s.place, s.entry_index),
                                 ae.legal_date)) AS INTEGER) AS days,
       e.currency, s.amount, s.entry_index AS entry
FROM step s
JOIN entry e ON e.entry_index = s.entry_index
JOIN subsidy_awarded a ON a.award = s.award
JOIN entry ae ON ae.entry_index = a.entry_index
WHERE (:award IS NULL OR s.award = :award) AND (:instrument IS NULL OR a.instrument = :instrument)
  AND (:level IS NULL OR s.level = :level)
ORDER BY s.award, e.legal_date, s.place, s.entry_index;
