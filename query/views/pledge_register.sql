-- view: pledge_register
-- version: 2
-- zh: 质押登记簿
-- en: Pledge register
-- reader: bank
-- param: asset = canonical IP number
-- param: pledgee = party id
-- param: state = agreed, active, released, enforced or revoked (void from the start)
-- chart: bars quarter(debt_to) amount_fen state=active
-- totals: none
-- column: asset text Asset | 号码
-- column: kind text Kind | 种类
-- column: title text Title | 名称
-- column: pledge text Pledge | 质押编号
-- column: reg_no text Registration | 登记号
-- column: pledgee text Pledgee | 质权人
-- column: state text State | 状态
-- column: registered_on date Registered | 登记日
-- column: released_on date Ended | 终止日
-- column: debt_to date Debt to | 债务到期日
-- column: currency text Currency | 币种
-- column: amount_fen money Secured | 担保金额
-- column: expires_on date Right expires | 权利期满日
-- column: alerts text Alerts | 提示
-- column: assurance int Level | 可信级别
-- column: entry int Entry | 条目
SELECT q.asset, i.kind, i.title, q.pledge, q.reg_no, coalesce(p.name, q.pledgee) AS pledgee, q.state, q.registered_on, q.released_on,
       q.debt_to, q.currency, nullif(q.amount_fen, 0) AS amount_fen, i.expires_on,
       trim((SELECT coalesce(group_concat(DISTINCT o.code), '') FROM ip_status_observed o WHERE o.ip = q.asset
             AND o.code IN ('PP01', 'IW01', 'CF01', 'CX01', 'TR01', 'AV01'))
            || CASE WHEN q.state = 'active' AND q.debt_to < (SELECT "on" FROM as_of) THEN ' debt-past-due' ELSE '' END) AS alerts,
       q.assurance, coalesce(q.registered_entry, q.entry_index) AS entry
FROM pledge_asset q
LEFT JOIN ip_asset_recorded i ON i.number = q.asset
LEFT JOIN party_name p ON p.party = q.pledgee
WHERE (:asset IS NULL OR q.asset = :asset) AND (:pledgee IS NULL OR q.pledgee = :pledgee) AND (:state IS NULL OR q.state = :state)
ORDER BY q.asset, q.agreed_on, q.pledge;
