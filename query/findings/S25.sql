-- finding: S25 SAME_SIGNER M
-- version: 2
-- zh: 不相容职务
-- en: Request and approval or supply and acceptance by one party
-- basis: separation of duties
WITH accepted AS MATERIALIZED (
  SELECT c.award, c.entry_index, s.party FROM subsidy_acceptance c
  JOIN entry e ON e.entry_index = c.entry_index JOIN signer s ON s.submission = e.submission WHERE e.importer = 0)
SELECT a.award, a.amount_fen, e.currency, s.party || ' 同时申报并批准' AS zh, s.party || ' applied and approved' AS en,
       p.entry_index || ',' || a.entry_index AS entries
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
JOIN signer s ON s.submission = e.submission
JOIN subsidy_applied p ON p.application = a.application
JOIN entry pe ON pe.entry_index = p.entry_index
JOIN signer ps ON ps.submission = pe.submission AND ps.party = s.party
WHERE e.importer = 0
UNION
SELECT x.award, sum(x.claim_fen), e.currency, c.party || ' 供货并验收', c.party || ' supplied and accepted',
       group_concat(x.entry_index) || ','
  || c.entry_index
FROM accepted c JOIN expenditure_recorded x ON x.award = c.award AND x.supplier_party = c.party
JOIN entry e ON e.entry_index = c.entry_index
GROUP BY x.award, e.currency, c.party, c.entry_index
ORDER BY 1, 5;
