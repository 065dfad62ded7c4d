-- finding: P16 NO_INDEPENDENT_REPORT M
-- version: 1
-- zh: 无第三方报告
-- en: Accepted without a test report of an independent laboratory
-- basis: acceptance rests on an independent test
SELECT a.project, NULL, NULL, '验收前无第三方检测报告', 'no independent test report before acceptance', CAST(a.entry_index AS TEXT)
FROM pilot_accepted a
JOIN entry e ON e.entry_index = a.entry_index
JOIN pilot_project_accepted j ON j.project = a.project
WHERE e.importer = 0 AND a.result IN ('SUCCESS', 'PARTIAL')
  AND NOT EXISTS (SELECT 1 FROM test_report_issued t WHERE t.project = a.project AND t.entry_index < a.entry_index
                    AND NOT EXISTS (SELECT 1 FROM platform_party f WHERE f.platform = j.platform AND f.party = t.lab))
  AND NOT EXISTS (SELECT 1 FROM pilot_run_recorded r JOIN test_report_issued t ON t.run = r.run
                  WHERE r.project = a.project AND t.project IS NULL AND t.entry_index < a.entry_index
                    AND NOT EXISTS (SELECT 1 FROM platform_party f WHERE f.platform = j.platform AND f.party = t.lab))
ORDER BY a.project;
