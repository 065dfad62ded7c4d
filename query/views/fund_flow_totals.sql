-- view: fund_flow_totals
-- version: 1
-- zh: 资金流向汇总
-- en: Flow of funds by year, instrument, city and sector
-- reader: authority
-- param: year year = four digits, of the award
-- param: instrument value = policy instrument
-- param: city division = division of the city, as 330200
-- totals: awarded disbursed received spent returned in_transit unspent unexplained
-- column: year text Year | 年度
-- column: instrument text Instrument | 政策工具
-- column: city text City | 城市
-- column: sector enum:Sector Sector | 领域
-- column: currency text Currency | 币种
-- column: awards int Awards | 笔数
-- column: awarded money Awarded | 下达
-- column: passed money Passed on | 转拨
-- column: disbursed money Disbursed | 拨付
-- column: received money Received | 到账
-- column: spent money Spent | 支出
-- column: returned money Returned | 退回
-- column: in_transit money In transit | 在途
-- column: unspent money With payees | 结存
-- column: unexplained money Unexplained | 未解释差额
-- column: days_to_arrive real Days to arrive | 平均到账天数
-- key: year instrument city sector currency
WITH one AS MATERIALIZED (
  SELECT substr(u.legal_date, 1, 4) AS year, u.instrument, f.division, f.entry_index AS platform_entry, u.currency,
         u.award, u.awarded, coalesce(u.passed, 0) AS passed, u.disbursed, u.received, u.spent, u.returned,
         u.matching_paid, julianday(u.first_received) - julianday(u.legal_date) AS days
  FROM award_use u LEFT JOIN platform_established f ON f.platform = u.platform
  WHERE (:instrument IS NULL OR u.instrument = :instrument)),
books AS MATERIALIZED (
  SELECT award, sum(CASE WHEN account = 'in-transit' THEN amount END) AS transit,
         sum(CASE WHEN account = 'cash-special' THEN amount END) AS cash FROM award_posting GROUP BY award),
placed AS (
  SELECT o.*, substr(o.division, 1, 4) || '00' AS city, (SELECT s.value FROM platform_established_sectors s
                                                         WHERE s.entry_index = o.platform_entry
                                                           AND s.item = 0) AS sector, coalesce(b.transit, 0) AS transit,
         coalesce(b.cash, 0) AS cash
  FROM one o LEFT JOIN books b ON b.award = o.award)
SELECT year, instrument, city, sector, currency, count(*) AS awards, sum(awarded) AS awarded, sum(passed) AS passed,
       sum(disbursed) AS disbursed,
       sum(received) AS received, sum(spent) AS spent, sum(returned) AS returned,
       sum(disbursed) - sum(received) AS in_transit,
       sum(received) + sum(matching_paid) - sum(spent) - sum(returned) AS unspent,
       sum(disbursed) - sum(received) - sum(transit)
         + sum(received) + sum(matching_paid) - sum(spent) - sum(returned) - sum(cash) AS unexplained,
       avg(days) AS days_to_arrive
FROM placed
WHERE (:year IS NULL OR year = :year) AND (:city IS NULL OR city = :city)
GROUP BY year, instrument, city, sector, currency
ORDER BY year, instrument, city, sector, currency;
