-- finding: P04 QUALIFICATION_NUMBER L
-- version: 1
-- zh: 资质编号格式
-- en: Certificate number does not look like its kind
-- basis: CMA 12 digits; CNAS L or IB and digits
SELECT 'qualification ' || kind || '/' || number, NULL, NULL, '编号格式与类别不符', 'the number does not look like ' || kind,
       CAST(entry_index AS TEXT)
FROM qualification_recorded
WHERE (kind = 'CMA' AND (length(number) <> 12 OR number GLOB '*[^0-9]*'))
   OR (kind = 'CNAS' AND NOT ((number GLOB 'L[0-9]*' AND substr(number, 2) NOT GLOB '*[^0-9]*')
                           OR (number GLOB 'IB[0-9]*' AND substr(number, 3) NOT GLOB '*[^0-9]*')))
ORDER BY kind, number;
