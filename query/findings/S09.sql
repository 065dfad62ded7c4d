-- finding: S09 OVERSPEND M
-- version: 1
-- zh: 支出超过补助
-- en: Spent more than awarded
-- basis: budget of the award
SELECT m.award, m.spent - m.awarded, m.currency, '支出合计超过下达金额', 'claims add up to more than the award',
       m.entry_index || ',' || m.spent_entries
FROM award_money m
WHERE m.spent > m.awarded
ORDER BY m.award;
