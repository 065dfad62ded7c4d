-- finding: P04 QUALIFICATION_NUMBER L
-- version: 1
-- zh: 资质编号格式
-- en: Certificate number does not look like its kind
-- basis: CMA 12 digits; CNAS L or IB and digits
SELECT 'qualification ' || kind || '/' || number, NULL, NULL, '编号格式与类别不符', 'the number does not look like ' || kind,
       CAST(entry_index AS TEXT)
FROM qualification_recorded
WHERE (kind = 'CMA' AND (length(number) <> 12 OR ltrim(number, '0123456789') <> ''))
   OR (kind = 'CNAS'
         AND NOT ((substr(number, 1, 1) = 'L' AND length(number) > 1 AND ltrim(substr(number, 2), '0123456789') = '')
                           OR (substr(number, 1, 2) = 'IB' AND length(number) > 2
                                 AND ltrim(substr(number, 3), '0123456789') = '')))
ORDER BY kind, number;
