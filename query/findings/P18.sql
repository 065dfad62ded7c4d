-- finding: P18 OUTCOME_NUMBER L
-- version: 1
-- zh: 成果登记号格式
-- en: Outcome registration number does not look like one
-- basis: 3 characters, year, kind letter, 4 digits
SELECT 'outcome ' || r.outcome, NULL, NULL, '登记号 ' || r.reg_no, 'number ' || r.reg_no, CAST(r.entry_index AS TEXT)
FROM outcome_registered r
JOIN entry e ON e.entry_index = r.entry_index
WHERE e.importer = 0 AND r.reg_no NOT GLOB '[0-9A-Z][0-9A-Z][0-9A-Z][12][0-9][0-9][0-9][A-Z][0-9][0-9][0-9][0-9]'
ORDER BY r.outcome;
