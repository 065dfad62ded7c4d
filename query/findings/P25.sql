-- finding: P25 NO_EXPERT_REVIEW M
-- version: 3
-- zh: 大额合同未经专家评审
-- en: Large contract registered without expert review
-- basis: policy rule set DEFAULT (expert review from)
SELECT r.contract, coalesce(nullif(r.confirmed_tech_fen, 0), c.tech_fen), e.currency, '技术交易额达到评审限额',
       'the technology value calls for expert review',
       c.entry_index || ',' || r.entry_index, 'fen:' || p.expert_review_fen AS "limit",
       'fen:' || coalesce(nullif(r.confirmed_tech_fen, 0), c.tech_fen) AS found
FROM tech_contract_registered r
JOIN tech_contract_signed c ON c.contract = r.contract
JOIN ruled_entry e ON e.entry_index = r.entry_index
JOIN policy_rule_set_published p ON p.entry_index = e.rule
JOIN entry t ON t.entry_index = p.entry_index AND t.currency = e.currency
WHERE r.expert_review = 0 AND p.expert_review_fen > 0
  AND coalesce(nullif(r.confirmed_tech_fen, 0), c.tech_fen) >= p.expert_review_fen
ORDER BY r.contract;
