-- finding: P57 PLEDGE_LATE L
-- version: 2
-- zh: 质押登记或变更迟延
-- en: Pledge or its change registered late
-- basis: policy rule set DEFAULT (registered within days); CNIPA announcement 461
WITH step AS (
  SELECT g.pledge, ae.legal_date AS since, ge.legal_date AS done_on, a.entry_index AS first_entry, g.entry_index
  FROM pledge_registered g JOIN entry ge ON ge.entry_index = g.entry_index
  JOIN pledge_agreed a ON a.pledge = g.pledge JOIN entry ae ON ae.entry_index = a.entry_index
  WHERE ge.importer = 0
  UNION ALL
  SELECT m.pledge, m.changed_on, e.legal_date, m.entry_index, m.entry_index
  FROM pledge_amended m JOIN entry e ON e.entry_index = m.entry_index WHERE m.changed_on IS NOT NULL)
SELECT s.pledge, NULL, NULL, '发生于 ' || s.since || '，登记于 ' || s.done_on,
       'of ' || s.since || ', registered ' || s.done_on, CASE WHEN s.first_entry < s.entry_index
                                                           THEN s.first_entry || ',' ELSE '' END || s.entry_index,
       p.pledge_register_days || ' days' AS "limit",
       CAST(julianday(s.done_on) - julianday(s.since) AS INTEGER) || ' days' AS found
FROM step s
JOIN ruled_entry e ON e.entry_index = s.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE p.pledge_register_days > 0 AND julianday(s.done_on) - julianday(s.since) > p.pledge_register_days
ORDER BY s.pledge, s.entry_index;
