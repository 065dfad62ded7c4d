-- finding: P21 RELATED_CONTRACT M
-- version: 1
-- zh: 关联技术交易
-- en: Technology contract between related parties
-- basis: relations declared, or the same controllers' commitment
SELECT c.contract, nullif(c.total_fen, 0), e.currency, c.seller || ' 与 ' || c.buyer || ' 关联',
       c.seller || ' and ' || c.buyer
  || ' are related',
       c.entry_index || ',' || q.entry_index
FROM related_party q
JOIN tech_contract_signed c ON c.seller = q.party AND c.buyer = q.other
JOIN entry e ON e.entry_index = c.entry_index
ORDER BY c.contract;
