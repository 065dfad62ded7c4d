-- finding: P13 LAB_UNQUALIFIED M
-- version: 1
-- zh: 检测机构无有效资质
-- en: Test report of a laboratory without a valid CMA
-- basis: 检验检测机构资质认定 valid on the date of the report
SELECT 'report ' || t.lab || '/' || t.report_no, NULL, NULL, '报告日 ' || e.legal_date || ' 无有效 CMA 记录',
       'no CMA recorded as valid on '
  || e.legal_date,
       CAST(t.entry_index AS TEXT)
FROM test_report_issued t
JOIN entry e ON e.entry_index = t.entry_index
WHERE e.importer = 0
  AND NOT EXISTS (SELECT 1 FROM qualification_recorded q
                  WHERE q.holder = t.lab AND q.kind = 'CMA' AND (q.valid_from IS NULL OR q.valid_from <= e.legal_date)
                    AND (q.valid_to IS NULL OR q.valid_to >= e.legal_date))
ORDER BY t.lab, t.report_no;
