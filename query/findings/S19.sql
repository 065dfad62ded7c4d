-- finding: S19 RELATED_PARTY M
-- version: 1
-- zh: 关联采购
-- en: Bought from a related party
-- basis: relations declared, or the same controllers' commitment
SELECT x.award, x.claim_fen, e.currency, '收款方 ' || x.supplier_party || ' 为关联方',
       'supplier ' || x.supplier_party || ' is related', x.entry_index || coalesce(',' || min(q.entry_index), '')
FROM expenditure_recorded x
JOIN subsidy_awarded a ON a.award = x.award
JOIN entry e ON e.entry_index = x.entry_index
LEFT JOIN (SELECT other, party, entry_index FROM related_party) q ON q.other = x.supplier_party
  AND q.party IN (a.payee, x.spender)
WHERE x.supplier_party IS NOT NULL AND (q.party IS NOT NULL OR x.supplier_party IN (a.payee, x.spender))
GROUP BY x.award, x.claim_fen, x.supplier_party, x.entry_index, e.currency
ORDER BY x.award, x.entry_index;
