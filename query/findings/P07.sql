-- finding: P07 COMPROMISED_KEY H
-- version: 1
-- zh: 疑似泄露密钥签署
-- en: Signed by a key after it was compromised
-- basis: date of compromise in the revocation
WITH stolen AS MATERIALIZED (  -- a signer's name is the first two of the three parts of its key
  SELECT entry_index, key, compromised_since, substr(key, 1, instr(key, '+') + 8) AS name
  FROM key_revoked WHERE compromised_since IS NOT NULL),
signed AS MATERIALIZED (
  SELECT s.submission, s.key AS signer, k.entry_index, k.compromised_since
  FROM signer s CROSS JOIN stolen k
  WHERE s.key IN (SELECT name FROM stolen) AND k.name = s.key)  -- one walk over all signers
SELECT e.kind || ' ' || e.entry_index, NULL, NULL, '签署密钥 ' || k.signer || ' 自 ' || k.compromised_since || ' 起疑似泄露',
       'key ' || k.signer || ' was compromised since ' || k.compromised_since, e.entry_index || ',' || k.entry_index
-- The entries of a submission stand together, from the one that it is named by.
FROM signed k CROSS JOIN entry e
WHERE e.entry_index >= k.submission AND +e.submission = k.submission  -- found by the range, not by an index made for it
  AND e.entry_index < coalesce((SELECT min(n.submission) FROM submission n WHERE n.submission > k.submission),
                               k.entry_index)
  AND e.recorded_on >= k.compromised_since AND e.entry_index < k.entry_index
ORDER BY e.entry_index;
