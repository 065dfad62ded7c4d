-- view: portfolio_calendar
-- version: 1
-- zh: 贷后日历
-- en: What falls due: fees, debts, rights
-- reader: bank
-- param: bank party = party id, of the pledgee
-- param: days count = how many days ahead (90 when not given)
-- column: due_on date Due | 到期日
-- column: days int Days left | 剩余天数
-- column: what text What | 事项
-- label: what annual-fee annual fee | 年费
-- label: what debt debt | 债务
-- label: what right right expires | 权利期满
-- label: what valuation valuation expires | 评估到期
-- column: asset text Asset | 号码
-- column: title text Title | 名称
-- column: pledge text Pledge | 质押编号
-- column: pledgee text Pledgee | 质权人
-- column: entry int Entry | 条目
-- key: what pledge asset due_on
-- drill: entries list={entry}
WITH today AS (SELECT "on" AS day, CAST(coalesce(:days, '90') AS INTEGER) AS ahead FROM as_of),
held AS MATERIALIZED (
  SELECT q.*, (SELECT max(i.entry_index) FROM ip_asset_recorded i WHERE i.number = q.asset) AS ip_entry
  FROM pledge_asset q WHERE q.state = 'active' AND (:bank IS NULL OR q.pledgee = :bank)),
-- Patents: the fee is due on each anniversary of filing, from the day it is known to be paid to.
fee AS (
  SELECT h.*, (SELECT max(o.fee_paid_to) FROM ip_status_observed o WHERE o.ip = h.asset) AS paid_to, i.filed_on, i.kind,
         12 * (CAST(substr(t.day, 1, 4) AS INTEGER) - CAST(substr(i.filed_on, 1, 4) AS INTEGER)) AS months
  FROM today t, held h JOIN ip_asset_recorded i ON i.entry_index = h.ip_entry),
due AS (
  SELECT 'annual-fee' AS what,
         coalesce(f.paid_to, CASE WHEN add_months(f.filed_on, f.months) >= t.day THEN add_months(f.filed_on, f.months)
                               ELSE add_months(f.filed_on, f.months + 12) END) AS due_on, f.asset, f.pledge, f.pledgee,
         f.ip_entry AS entry
  FROM fee f, today t WHERE f.kind IN ('INVENTION', 'UTILITY_MODEL', 'DESIGN')
    AND (f.paid_to IS NOT NULL OR f.filed_on IS NOT NULL)
  UNION ALL SELECT 'debt', h.debt_to, h.asset, h.pledge, h.pledgee, h.entry_index FROM held h
  UNION ALL SELECT 'right', i.expires_on, h.asset, h.pledge, h.pledgee, h.ip_entry FROM held h
  JOIN ip_asset_recorded i ON i.entry_index = h.ip_entry
  UNION ALL SELECT 'valuation', v.valid_to, h.asset, h.pledge, h.pledgee, v.entry_index
  FROM held h JOIN ip_valued_ips x ON x.value = h.asset JOIN ip_valued v ON v.entry_index = x.entry_index
  WHERE v.entry_index = (SELECT max(y.entry_index) FROM ip_valued_ips y WHERE y.value = h.asset))
SELECT d.due_on, CAST(julianday(d.due_on) - julianday(t.day) AS INTEGER) AS days, d.what, d.asset,
       (SELECT i.title FROM ip_asset_recorded i WHERE i.number = d.asset) AS title, d.pledge,
       coalesce((SELECT p.name FROM party_registered p WHERE p.party = d.pledgee), d.pledgee) AS pledgee, d.entry
FROM due d, today t
WHERE d.due_on <= date(t.day, '+' || t.ahead || ' days')
ORDER BY d.due_on, d.what, d.asset, d.pledge;
