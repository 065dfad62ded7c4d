-- finding: S11 EARLY_COST M
-- version: 2
-- zh: 期前费用
-- en: Invoiced before the period
-- basis: only newly invested equipment counts (plan, part four, clause two)
SELECT m.award, x.claim_fen, m.currency, '执行期自 ' || m.period_from || '，开票 ' || x.invoice_date,
       'period from ' || m.period_from || ', invoiced ' || x.invoice_date,
       m.entry_index || ',' || x.entry_index, m.period_from AS "limit",
       x.invoice_date AS found
FROM expenditure_recorded x JOIN award_money m ON m.award = x.award
WHERE x.invoice_date < m.period_from
ORDER BY m.award, x.entry_index;
