-- finding: P54 FEE_DUE L
-- version: 2
-- zh: 年费将到期或已欠缴
-- en: Annual fee of a right in pledge is due or unpaid
-- basis: policy rule set DEFAULT (warn within days)
WITH paid AS (
  SELECT ip, max(fee_paid_to) AS paid_to, max(entry_index) AS entry_index FROM ip_status_observed
  WHERE fee_paid_to IS NOT NULL GROUP BY ip)
SELECT 'ip ' || q.asset, nullif(q.amount_fen, 0), q.currency, '年费缴至 ' || f.paid_to || '，质押 ' || q.pledge,
       'fees paid to ' || f.paid_to || ', pledge ' || q.pledge, q.registered_entry || ',' || f.entry_index,
       date(:on, '+' || p.fee_days || ' days') AS "limit", f.paid_to AS found
FROM paid f
JOIN pledge_asset q ON q.asset = f.ip AND q.state = 'active'
JOIN ruled_entry e ON e.entry_index = q.registered_entry
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.fee_days > 0 AND f.paid_to < date(:on, '+' || p.fee_days || ' days')
ORDER BY q.asset, q.pledge;
