-- finding: S15 NO_SPECIAL_ACCOUNT M
-- version: 1
-- zh: 未专账核算
-- en: Spent outside the separate account
-- basis: earmarked money is accounted for separately; money paid before the cost only
SELECT m.award, sum(x.claim_fen), m.currency, '支出未填写专账编号', 'expenditure without a separate account reference',
       group_concat(x.entry_index)
FROM expenditure_recorded x JOIN award_money m ON m.award = x.award
WHERE m.mode = 'PRE' AND x.basis = 'INVOICE' AND x.special_account IS NULL
GROUP BY m.award, m.currency
ORDER BY m.award;
