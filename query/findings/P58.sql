-- finding: P58 RELEASED_LATE L
-- version: 2
-- zh: 质押注销迟延
-- en: Pledge not released in time after the debt ended
-- basis: policy rule set DEFAULT (released within days)
WITH repaid AS (
  SELECT g.loan, g.pledge, d.fen AS drawn, r.fen AS repaid, r.last_on, r.last_entry
  FROM loan_granted g
  LEFT JOIN (SELECT loan, sum(amount_fen) AS fen FROM loan_drawn GROUP BY loan) d ON d.loan = g.loan
  LEFT JOIN (SELECT x.loan, sum(x.principal_fen) AS fen, max(e.legal_date) AS last_on, max(x.entry_index) AS last_entry
             FROM loan_repaid x JOIN entry e ON e.entry_index = x.entry_index GROUP BY x.loan) r ON r.loan = g.loan
  WHERE g.pledge IS NOT NULL),
debt AS MATERIALIZED (
  SELECT pledge, CASE WHEN min(coalesce(drawn, 0) > 0 AND coalesce(repaid, 0) >= drawn) = 1 THEN max(last_on)
    ELSE '9999-12-31' END AS ended_on,
         max(last_entry) AS entry_index
  FROM repaid GROUP BY pledge)
SELECT q.pledge, nullif(q.amount_fen, 0), q.currency,
       '债务终结 ' || coalesce(d.ended_on, q.debt_to) || '，' || coalesce('注销 ' || q.released_on, '尚未注销'),
       'debt ended ' || coalesce(d.ended_on, q.debt_to) || ', ' || coalesce('released ' || q.released_on,
           'not released'), q.registered_entry || coalesce(',' || d.entry_index, '')
       || coalesce(',' || q.released_entry, ''), p.release_days || ' days' AS "limit",
       CAST(julianday(coalesce(q.released_on, :on)) - julianday(coalesce(d.ended_on, q.debt_to)) AS INTEGER) || ' days'
         AS found
FROM pledge_asset q
LEFT JOIN debt d ON d.pledge = q.pledge
JOIN ruled_entry e ON e.entry_index = q.registered_entry
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.release_days > 0 AND q.state IN ('active', 'released') AND coalesce(q.reason, 'PERFORMED') = 'PERFORMED'
  AND julianday(coalesce(q.released_on, :on)) - julianday(coalesce(d.ended_on, q.debt_to)) > p.release_days
ORDER BY q.pledge, q.asset;
