-- view: technology_market
-- version: 1
-- zh: 技术市场
-- en: Technology market
-- reader: authority
-- param: year year = four digits, of signing
-- param: platform entity:platform = platform id
-- param: type code:type = DEVELOPMENT, TRANSFER, LICENCE, CONSULTING or SERVICE
-- totals: value technology confirmed due received distributed
-- column: year text Year | 年度
-- column: type enum:ContractType Type | 合同类型
-- column: currency text Currency | 币种
-- column: contracts int Contracts | 份数
-- column: value money Contract value | 成交额
-- column: technology money Technology value | 技术交易额
-- column: registered int Registered | 已登记
-- column: registered_pct real Registered % | 登记率%
-- column: confirmed money Confirmed technology value | 认定技术交易额
-- column: in_province int Within the province | 省内
-- column: out_province int Outside | 省外
-- column: due money Due by the terms | 应收
-- column: received money Received | 实收
-- column: ended int Ended | 已终结
-- column: distributed money Distributed | 已分配
-- column: distributed_pct real Distributed % of net | 分配占净收入%
-- column: below_half int Below one half | 低于五成
-- key: year type currency
-- drill: technology_contracts year={year} type={type} currency={currency}
SELECT c.year, c.type, c.currency, count(*) AS contracts, sum(c.value) AS value, sum(c.technology) AS technology,
       count(c.reg_no) AS registered,
       100.0 * count(c.reg_no) / count(*) AS registered_pct, sum(c.confirmed) AS confirmed,
       sum(c.scope = 'inside') AS in_province,
       sum(c.scope = 'outside') AS out_province,
       sum(c.due) AS due, sum(c.received) AS received, count(c.ended) AS ended, sum(c.distributed) AS distributed,
       100.0 * sum(c.resolved) / nullif(sum(c.net), 0) AS distributed_pct,
       sum(c.net > 0 AND c.resolved * 2 < c.net) AS below_half
FROM contract_state c
WHERE (:year IS NULL OR c.year = :year) AND (:platform IS NULL OR c.platform = :platform)
  AND (:type IS NULL OR c.type = :type)
GROUP BY c.year, c.type, c.currency
ORDER BY c.year, c.type, c.currency;
