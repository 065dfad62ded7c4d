-- finding: P29 EQUITY_UNVALUED M
-- version: 1
-- zh: 作价入股未评估
-- en: Equity taken without a valuation
-- basis: equity for technology rests on a valuation
SELECT 'stake ' || s.stake, nullif(s.valuation_fen, 0), e.currency, '未见评估报告', 'no valuation is named or recorded',
       CAST(s.entry_index AS TEXT)
FROM equity_taken s
JOIN entry e ON e.entry_index = s.entry_index
WHERE s.valuation_ref IS NULL
  AND NOT EXISTS (SELECT 1 FROM equity_taken_ips i JOIN ip_valued_ips v ON v.value = i.value
                  WHERE i.entry_index = s.entry_index
                    AND v.entry_index < s.entry_index)
ORDER BY s.stake;
