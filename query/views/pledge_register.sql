-- view: pledge_register
-- version: 4
-- zh: 质押登记簿
-- en: Pledge register
-- reader: bank
-- param: asset entity:ip = canonical IP number
-- param: pledgee party = party id
-- param: pledgor party = party id
-- param: state code:state = agreed, active, released, enforced or revoked (void from the start)
-- chart: bars quarter(debt_to) amount_fen state=active
-- totals: none
-- column: asset text Asset | 号码
-- column: kind enum:IpKind Kind | 种类
-- column: title text Title | 名称
-- column: pledge text Pledge | 质押编号
-- column: reg_no text Registration | 登记号
-- column: pledgee text Pledgee | 质权人
-- column: state text State | 状态
-- label: state agreed agreed | 约定
-- label: state active in pledge | 在押
-- label: state released released | 已注销
-- label: state enforced enforced | 已实现
-- label: state revoked revoked | 已撤销
-- column: registered_on date Registered | 登记日
-- column: released_on date Ended | 终止日
-- column: debt_to date Debt to | 债务到期日
-- column: currency text Currency | 币种
-- column: amount_fen money Secured | 担保金额
-- column: expires_on date Right expires | 权利期满日
-- column: alerts text Alerts | 提示
-- label: alerts PP01 preserved | 保全
-- label: alerts court-order preserved by a court order | 法院保全
-- label: alerts IW01 invalidated | 宣告无效
-- label: alerts CF01 fee-lapsed | 未缴年费终止
-- label: alerts CX01 expired | 期满
-- label: alerts TR01 transferred | 转移
-- label: alerts AV01 abandoned | 放弃
-- label: alerts debt-past-due debt-past-due | 债务逾期
-- column: assurance int Level | 可信级别
-- column: entry int Entry | 条目
-- column: owner text Owner | 权利人
-- column: rank int Rank | 顺位
-- column: fee_paid_to date Fee paid to | 年费缴至
-- column: reason enum:ReleaseReason Reason | 终止原因
-- column: entity text Entity | 对象
-- key: asset pledge
-- drill: entries entity={entity}
SELECT q.asset, i.kind, i.title, q.pledge, q.reg_no,
       coalesce((SELECT p.name FROM party_registered p WHERE p.party = q.pledgee), q.pledgee) AS pledgee,
       q.state, q.registered_on, q.released_on, q.debt_to, q.currency, nullif(q.amount_fen, 0) AS amount_fen,
       i.expires_on,
       trim((SELECT coalesce(group_concat(c.code), '')
             FROM (SELECT o.code FROM ip_status_observed o
                   WHERE o.ip = q.asset AND (o.code IN ('IW01', 'CF01', 'CX01', 'TR01', 'AV01')
                     OR (o.code = 'PP01' AND NOT EXISTS (
                           SELECT 1 FROM ip_status_observed l
                           WHERE l.ip = o.ip AND l.code = 'PD01' AND l.entry_index > o.entry_index
                             AND (l.reference IS NULL OR l.reference = o.reference))))
                   GROUP BY o.code ORDER BY min(o.entry_index)) c)
            || CASE WHEN EXISTS (SELECT 1 FROM preservation_noted n
                                 WHERE n.ip = q.asset AND coalesce(n.lifted, 0) = 0
                                   AND NOT EXISTS (SELECT 1 FROM preservation_noted l
                                                   WHERE l.ip = n.ip AND l.lifted <> 0 AND l.case_no = n.case_no
                                                     AND l.entry_index > n.entry_index)) THEN ' court-order' ELSE '' END
            || CASE WHEN q.state = 'active' AND q.debt_to < (SELECT "on" FROM as_of) THEN ' debt-past-due'
                    ELSE '' END) AS alerts,
       q.assurance, coalesce(q.registered_entry, q.entry_index) AS entry,
       (SELECT group_concat(coalesce((SELECT p.name FROM party_registered p WHERE p.party = w.party), w.party))
        FROM (SELECT party, item FROM ip_asset_recorded_owners
              WHERE entry_index = i.entry_index AND NOT EXISTS (SELECT 1 FROM ip_transferred t WHERE t.ip = q.asset)
              UNION ALL SELECT party, item FROM ip_transferred_owners
              WHERE entry_index = (SELECT max(t.entry_index) FROM ip_transferred t WHERE t.ip = q.asset)
              ORDER BY item) w) AS owner,
       CASE WHEN q.state = 'active' THEN (SELECT count(*) FROM pledge_registered g WHERE g.asset = q.asset
                                            AND g.entry_index <= q.registered_entry
            AND NOT EXISTS (SELECT 1 FROM pledge_released r JOIN pledge_released_assets s
                              ON s.entry_index = r.entry_index
                            WHERE r.pledge = g.pledge AND s.value = g.asset)
            AND NOT EXISTS (SELECT 1 FROM pledge_enforced r JOIN pledge_enforced_assets s
                              ON s.entry_index = r.entry_index
                            WHERE r.pledge = g.pledge AND s.value = g.asset)
            AND NOT EXISTS (SELECT 1 FROM pledge_revoked r JOIN pledge_revoked_assets s ON s.entry_index = r.entry_index
                            WHERE r.pledge = g.pledge AND s.value = g.asset)) END AS rank,
       (SELECT max(o.fee_paid_to) FROM ip_status_observed o WHERE o.ip = q.asset) AS fee_paid_to, q.reason,
       'pledge:' || q.pledge AS entity
FROM pledge_asset q
LEFT JOIN ip_asset_recorded i ON i.number = q.asset
WHERE (:asset IS NULL OR q.asset = :asset) AND (:pledgee IS NULL OR q.pledgee = :pledgee)
  AND (:pledgor IS NULL OR EXISTS (SELECT 1 FROM pledge_agreed_pledgors g
                                   WHERE g.entry_index = q.entry_index AND g.value = :pledgor))
  AND (:state IS NULL OR q.state = :state)
ORDER BY q.asset, q.agreed_on, q.pledge;
