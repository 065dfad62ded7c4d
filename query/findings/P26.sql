-- finding: P26 ENDED_AFTER_RELIEF M
-- version: 1
-- zh: 享受税收优惠后解除
-- en: Contract undone after tax relief was used
-- basis: relief follows a contract that stands
SELECT t.contract, nullif(c.tech_fen, 0), e.currency, '解除或撤销前已享税收优惠',
       'tax relief was used before the contract was undone', c.entry_index || ',' || t.entry_index
FROM tech_contract_ended t
JOIN tech_contract_signed c ON c.contract = t.contract
JOIN entry e ON e.entry_index = t.entry_index
WHERE t."end" IN ('TERMINATED', 'ANNULLED') AND t.tax_relief_used = 1
ORDER BY t.contract;
