-- finding: P19 INCIDENT_BARS H
-- version: 2
-- zh: 重大事件期内申报
-- en: Applied or awarded within the years after a major incident
-- basis: policy rule set (months after a major incident); three years in the province's call
WITH asked AS (
  SELECT 'application ' || a.application AS subject, a.platform, a.requested_fen AS fen, a.entry_index
  FROM subsidy_applied a
  UNION ALL
  SELECT a.award, a.platform, a.amount_fen, a.entry_index FROM subsidy_awarded a WHERE a.application IS NULL)
SELECT a.subject, a.fen, e.currency, '事件 ' || i.incident || '（' || ie.legal_date || '）',
       'incident ' || i.incident || ' of '
  || ie.legal_date,
       i.entry_index || ',' || a.entry_index, add_months(ie.legal_date, p.incident_months) AS "limit",
       e.legal_date AS found
FROM incident_reported i
JOIN entry ie ON ie.entry_index = i.entry_index
JOIN asked a ON a.platform = i.platform
JOIN ruled_entry e ON e.entry_index = a.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
WHERE i.severity = 'MAJOR' AND p.incident_months > 0 AND e.importer = 0
  AND e.legal_date >= ie.legal_date AND e.legal_date < add_months(ie.legal_date, p.incident_months)
ORDER BY a.subject, i.incident;
