-- finding: P44 ACCEPTED_WITH_OPEN_FINDING M
-- version: 1
-- zh: 带问题验收
-- en: Accepted while a finding of high severity was open
-- basis: acceptance follows rectification
SELECT s.award, c.amount_fen, c.currency, '问题 ' || c.finding || ' 未销号', 'finding ' || c.finding || ' was open',
       c.entry_index || ',' || s.entry_index
FROM subsidy_acceptance s
JOIN audit_chain c ON c.award = s.award AND c.severity = 'HIGH' AND c.entry_index < s.entry_index
                  AND (c.close_entry IS NULL OR c.close_entry > s.entry_index)
WHERE s.result = 'PASSED'
ORDER BY s.award, c.finding;
