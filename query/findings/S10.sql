-- finding: S10 LATE_SPEND M
-- version: 2
-- zh: 超期使用
-- en: Invoiced or paid after the period
-- basis: period of the award
SELECT m.award, x.claim_fen, m.currency, '执行期至 ' || m.period_to || '，开票 ' || coalesce(x.invoice_date, '-') || '，付款 '
       || coalesce(x.paid_on, '-'), 'period to ' || m.period_to || ', invoiced ' || coalesce(x.invoice_date, '-')
       || ', paid ' || coalesce(x.paid_on, '-'), m.entry_index || ',' || x.entry_index, m.period_to AS "limit",
       CASE WHEN x.paid_on > m.period_to THEN x.paid_on ELSE x.invoice_date END AS found
FROM expenditure_recorded x JOIN award_money m ON m.award = x.award
WHERE x.invoice_date > m.period_to OR x.paid_on > m.period_to
ORDER BY m.award, x.entry_index;
