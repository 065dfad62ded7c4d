-- view: account_freshness
-- version: 1
-- zh: 账户核对状态
-- en: Freshness of bank evidence
-- reader: auditor
-- param: award entity:award = one award
-- param: days count = a balance without movement for more days is stale; 92 when absent
-- totals: none
-- key: award account currency
-- drill: bank_movements award={award} account={account}
-- column: award text Award | 补助编号
-- column: account text Account | 账户
-- column: currency text Currency | 币种
-- column: state text State | 状态
-- label: state passed passed | 已核对
-- label: state failed failed | 有问题
-- label: state stale stale | 久未变动
-- label: state missing missing | 无流水号
-- column: balance money Balance | 余额
-- column: movements int Movements | 笔数
-- column: without_ref int Without bank reference | 无流水号
-- column: last_on date Last movement | 最近收付
-- column: last_entry int Last entry | 最后条目
SELECT s.award, s.account, s.currency,
       CASE WHEN s.movements = s.without_ref THEN 'missing'
            WHEN s.without_ref > 0 OR s.balance < 0 THEN 'failed'
            WHEN s.balance > 0 AND s.last_on < date(:on, '-' || coalesce(:days, '92') || ' days') THEN 'stale'
            ELSE 'passed' END AS state,
       s.balance, s.movements, s.without_ref, s.last_on, s.last_entry
FROM (SELECT award, account, currency, sum(amount) AS balance, count(*) AS movements,
             sum(CASE WHEN bank_ref IS NULL THEN 1 ELSE 0 END) AS without_ref, max(moved_on) AS last_on,
             max(entry) AS last_entry
      FROM bank_movement WHERE award IS NOT NULL GROUP BY award, account, currency) s
WHERE :award IS NULL OR s.award = :award
ORDER BY s.award, s.account, s.currency;
