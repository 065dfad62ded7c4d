-- finding: P17 EVALUATOR_RELATED M
-- version: 1
-- zh: 评价机构关联
-- en: Evaluated or valued by a related party
-- basis: relations declared, or the same controllers' commitment
WITH judged AS (
  SELECT 'outcome ' || v.outcome AS subject, v.value_fen, v.evaluator, f.party, v.entry_index
  FROM outcome_evaluated v JOIN pilot_project_accepted j ON j.project = v.project
  JOIN platform_party f ON f.platform = j.platform
  UNION
  SELECT 'valuation ' || v.evaluator || '/' || v.report_no, v.value_fen, v.evaluator, o.party, v.entry_index
  FROM ip_valued v JOIN ip_valued_ips i ON i.entry_index = v.entry_index JOIN ip_asset_recorded a ON a.number = i.value
  JOIN ip_asset_recorded_owners o ON o.entry_index = a.entry_index)
SELECT d.subject, nullif(d.value_fen, 0), e.currency, d.evaluator || ' 与 ' || d.party || ' 关联',
       d.evaluator || ' is related to ' || d.party, d.entry_index || coalesce(',' || q.entry_index, '')
FROM judged d
JOIN entry e ON e.entry_index = d.entry_index
LEFT JOIN related_party q ON q.party = d.evaluator AND q.other = d.party
WHERE d.evaluator = d.party OR q.party IS NOT NULL
ORDER BY d.subject, d.party;
