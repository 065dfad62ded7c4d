-- finding: S28 ABNORMAL_AMOUNT L
-- version: 1
-- zh: 异常数字
-- en: Negative amount claimed
-- basis: informational
SELECT x.award, -x.claim_fen, e.currency, '支出为负数', 'a negative amount is stated as spent', CAST(x.entry_index AS TEXT)
FROM expenditure_recorded x JOIN entry e ON e.entry_index = x.entry_index
WHERE x.claim_fen < 0
ORDER BY x.award;
