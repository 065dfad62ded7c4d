-- view: portfolio_concentration
-- version: 1
-- zh: 集中度
-- en: Concentration of secured amounts
-- reader: bank
-- param: bank party = party id, of the pledgee
-- totals: none
-- column: dimension text By | 维度
-- label: dimension pledgee pledgee | 质权人
-- label: dimension pledgor pledgor | 出质人
-- label: dimension kind kind of right | 权利种类
-- label: dimension maturity year of maturity | 到期年度
-- column: currency text Currency | 币种
-- column: names int Names | 户数
-- column: secured money Secured | 担保金额
-- column: largest enum:IpKind Largest | 最大户
-- column: largest_secured money Of the largest | 最大户金额
-- column: cr1_pct real CR1 % | CR1%
-- column: cr5_pct real CR5 % | CR5%
-- column: hhi int HHI | HHI
-- key: dimension currency
WITH held AS MATERIALIZED (
  SELECT q.pledge, min(q.asset) AS asset, min(q.entry_index) AS entry_index, q.pledgee, q.amount_fen, q.debt_to,
         q.currency
  FROM pledge_asset q WHERE q.state = 'active' AND q.amount_fen > 0 AND (:bank IS NULL OR q.pledgee = :bank)
  GROUP BY q.pledge, q.pledgee, q.amount_fen, q.debt_to, q.currency),
part AS (
  SELECT 'pledgee' AS dimension, currency, pledgee AS name, amount_fen FROM held
  UNION ALL SELECT 'pledgor', currency, (SELECT g.value FROM pledge_agreed_pledgors g
                                         WHERE g.entry_index = held.entry_index AND g.item = 0), amount_fen FROM held
  UNION ALL SELECT 'kind', currency, (SELECT i.kind FROM ip_asset_recorded i WHERE i.number = held.asset), amount_fen
  FROM held
  UNION ALL SELECT 'maturity', currency, coalesce(substr(debt_to, 1, 4), '-'), amount_fen FROM held),
summed AS (SELECT dimension, currency, name, sum(amount_fen) AS fen FROM part GROUP BY dimension, currency, name),
ranked AS (SELECT s.*, row_number() OVER (PARTITION BY dimension, currency ORDER BY fen DESC, name) AS place,
                  sum(fen) OVER (PARTITION BY dimension, currency) AS total FROM summed s)
SELECT dimension, currency, count(*) AS names, sum(fen) AS secured,
       max(CASE WHEN place = 1 THEN coalesce((SELECT p.name FROM party_registered p WHERE p.party = ranked.name),
                                             ranked.name) END) AS largest,
       max(CASE WHEN place = 1 THEN fen END) AS largest_secured,
       100.0 * max(CASE WHEN place = 1 THEN fen END) / max(total) AS cr1_pct,
       100.0 * sum(CASE WHEN place <= 5 THEN fen END) / max(total) AS cr5_pct,
       CAST(floor(sum((100.0 * fen / total) * (100.0 * fen / total)) + 0.5) AS INTEGER) AS hhi
FROM ranked
GROUP BY dimension, currency
ORDER BY CASE dimension WHEN 'pledgee' THEN 1 WHEN 'pledgor' THEN 2 WHEN 'kind' THEN 3 ELSE 4 END, currency;
