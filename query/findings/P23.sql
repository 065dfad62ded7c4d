-- finding: P23 TECH_VALUE_DIFFERS M
-- version: 1
-- zh: 认定额与申报不符
-- en: Confirmed technology value differs from the contract's
-- basis: registration of technology contracts
WITH declared AS (
  SELECT c.contract, c.tech_fen, c.entry_index FROM tech_contract_signed c
  UNION ALL
  SELECT a.contract, a.tech_fen, a.entry_index FROM tech_contract_amended a WHERE a.tech_fen <> 0),
known AS (
  SELECT r.contract, r.confirmed_tech_fen, r.entry_index, d.tech_fen, d.entry_index AS declared_entry,
         row_number() OVER (PARTITION BY r.entry_index ORDER BY d.entry_index DESC) AS newest
  FROM tech_contract_registered r JOIN declared d ON d.contract = r.contract AND d.entry_index < r.entry_index
  WHERE r.confirmed_tech_fen <> 0)
SELECT k.contract, k.confirmed_tech_fen - k.tech_fen, e.currency, '认定额与合同技术交易额不一致',
       'confirmed and declared technology value differ', k.declared_entry || ',' || k.entry_index
FROM known k JOIN entry e ON e.entry_index = k.entry_index
WHERE k.newest = 1 AND k.confirmed_tech_fen <> k.tech_fen
ORDER BY k.contract;
