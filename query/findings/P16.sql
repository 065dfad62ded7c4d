-- finding: P16 NO_INDEPENDENT_REPORT M
-- version: 1
-- zh: 无第三方报告
-- en: Accepted without a test report of an independent laboratory
-- basis: acceptance rests on an independent test
WITH tested AS MATERIALIZED (
  SELECT coalesce(t.project, r.project) AS project, t.lab, t.entry_index FROM test_report_issued t
  LEFT JOIN pilot_run_recorded r ON r.run = t.run),
independent AS MATERIALIZED (
  SELECT t.project, min(t.entry_index) AS entry_index
  FROM tested t JOIN pilot_project_accepted j ON j.project = t.project
  LEFT JOIN platform_party f ON f.platform = j.platform AND f.party = t.lab
  WHERE f.party IS NULL GROUP BY t.project)
SELECT a.project, NULL, NULL, '验收前无第三方检测报告', 'no independent test report before acceptance', CAST(a.entry_index AS TEXT)
FROM pilot_accepted a
JOIN entry e ON e.entry_index = a.entry_index
LEFT JOIN independent i ON i.project = a.project
WHERE e.importer = 0 AND a.result IN ('SUCCESS', 'PARTIAL') AND coalesce(i.entry_index, a.entry_index) >= a.entry_index
ORDER BY a.project;
