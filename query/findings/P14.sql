-- finding: P14 SELF_TEST M
-- version: 1
-- zh: 自检
-- en: The platform tested its own work
-- basis: the laboratory is another party than the platform
SELECT 'report ' || t.lab || '/' || t.report_no, NULL, NULL, '检测机构即平台 ' || f.platform || ' 的法人或运营主体',
       'the laboratory runs platform ' || f.platform, t.entry_index || ',' || f.entry_index
FROM test_report_issued t
LEFT JOIN pilot_run_recorded r ON r.run = t.run
JOIN pilot_project_accepted j ON j.project = coalesce(t.project, r.project)
JOIN platform_party f ON f.platform = j.platform AND f.party = t.lab
ORDER BY t.lab, t.report_no;
