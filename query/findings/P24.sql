-- finding: P24 REGISTERED_TOO_LATE L
-- version: 1
-- zh: 合同到期后登记
-- en: Contract registered after it had run out
-- basis: filed while the contract is in force
WITH term AS (
  SELECT c.contract, c.valid_to, c.entry_index FROM tech_contract_signed c
  UNION ALL
  SELECT a.contract, a.valid_to, a.entry_index FROM tech_contract_amended a),
known AS (
  SELECT r.contract, r.entry_index, max(t.valid_to) AS valid_to, max(t.entry_index) AS term_entry
  FROM tech_contract_registered r JOIN term t ON t.contract = r.contract AND t.entry_index < r.entry_index
    AND t.valid_to IS NOT NULL
  GROUP BY r.contract, r.entry_index)
SELECT k.contract, NULL, NULL, '有效期至 ' || k.valid_to || '，登记于 ' || e.legal_date,
       'valid to ' || k.valid_to || ', registered '
  || e.legal_date,
       k.term_entry || ',' || k.entry_index
FROM known k JOIN entry e ON e.entry_index = k.entry_index
WHERE e.legal_date > k.valid_to
ORDER BY k.contract;
