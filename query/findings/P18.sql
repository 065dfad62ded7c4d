-- finding: P18 OUTCOME_NUMBER L
-- version: 1
-- zh: 成果登记号格式
-- en: Outcome registration number does not look like one
-- basis: 3 characters, year, kind letter, 4 digits
SELECT 'outcome ' || r.outcome, NULL, NULL, '登记号 ' || r.reg_no, 'number ' || r.reg_no, CAST(r.entry_index AS TEXT)
FROM outcome_registered r
JOIN entry e ON e.entry_index = r.entry_index
WHERE e.importer = 0  -- three of 0-9A-Z, a year, a letter, four digits
  AND NOT (length(r.reg_no) = 12 AND ltrim(substr(r.reg_no, 1, 3), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ''
           AND substr(r.reg_no, 4, 1) IN ('1', '2') AND ltrim(substr(r.reg_no, 5, 3), '0123456789') = ''
           AND ltrim(substr(r.reg_no, 8, 1), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') = ''
           AND ltrim(substr(r.reg_no, 9), '0123456789') = '')
ORDER BY r.outcome;
