-- finding: P01 CODE_CHECK L
-- version: 1
-- zh: 主体代码校验不符
-- en: Party code fails a check
-- basis: GB 32100 and GB 11714 check characters
WITH place (i, code_weight, org_weight) AS (
  VALUES (1, 1, 0), (2, 3, 0), (3, 9, 0), (4, 27, 0), (5, 19, 0), (6, 26, 0), (7, 16, 0), (8, 17, 0), (9, 20, 3),
  (10, 29, 7), (11, 25, 9),
         (12, 13, 10), (13, 8, 5), (14, 24, 8), (15, 10, 4), (16, 30, 2), (17, 28, 0)),
summed AS (
  SELECT party, entry_index,
         sum((instr('0123456789ABCDEFGHJKLMNPQRTUWXY', substr(party, i, 1)) - 1) * code_weight) AS code_sum,
         sum((instr('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(party, i, 1)) - 1) * org_weight) AS org_sum
  FROM party_registered, place WHERE length(party) = 18 AND party NOT LIKE '%:%'
  GROUP BY party, entry_index),
checked AS (
  SELECT party, entry_index, substr('0123456789ABCDEFGHJKLMNPQRTUWXY', (31 - code_sum % 31) % 31 + 1, 1) AS code_check,
         substr('0123456789X', (11 - org_sum % 11) % 11 + 1, 1) AS org_check
  FROM summed)
SELECT 'party ' || party, NULL, NULL, CASE WHEN substr(party, 18, 1) <> code_check THEN '校验码应为 ' || code_check
  ELSE '组织机构代码校验位应为 ' || org_check END,
       CASE WHEN substr(party, 18, 1) <> code_check THEN 'check character should be ' || code_check
            ELSE 'organisation code check should be ' || org_check END, CAST(entry_index AS TEXT)
FROM checked
WHERE substr(party, 18, 1) <> code_check OR substr(party, 17, 1) <> org_check
ORDER BY party;
