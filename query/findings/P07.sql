-- finding: P07 COMPROMISED_KEY H
-- version: 2
-- zh: 疑似泄露密钥签署
-- en: Signed by a key after it was compromised, or by one that such a key bound
-- basis: date of compromise in the revocation; what a compromised key bound falls with it
WITH RECURSIVE binding AS MATERIALIZED (  -- a signer's name is the first two of the three parts of its key
  SELECT substr(b.key, 1, instr(b.key, '+') + 8) AS name, s.key AS binder, e.recorded_on
  FROM key_bound b
  JOIN entry e ON e.entry_index = b.entry_index
  JOIN signer s ON s.submission = e.submission
  WHERE s.party = b.party OR s.roles LIKE '%OPR%'),
stolen AS (
  SELECT substr(key, 1, instr(key, '+') + 8) AS name, compromised_since AS since, entry_index AS revocation,
         substr(key, 1, instr(key, '+') + 8) AS root
  FROM key_revoked WHERE compromised_since IS NOT NULL
  UNION
  SELECT b.name, b.recorded_on, k.revocation, k.root
  FROM stolen k
  JOIN binding b ON b.binder = k.name AND b.recorded_on >= k.since),
signed AS MATERIALIZED (
  SELECT s.submission, s.key AS signer, k.since, k.revocation, k.root
  FROM signer s CROSS JOIN stolen k
  WHERE s.key IN (SELECT name FROM stolen) AND k.name = s.key)  -- one walk over all signers
SELECT e.kind || ' ' || e.entry_index, NULL, NULL,
       CASE WHEN k.signer = k.root THEN '签署密钥 ' || k.signer || ' 自 ' || k.since || ' 起疑似泄露'
            ELSE '签署密钥 ' || k.signer || ' 系由疑似泄露的密钥 ' || k.root || ' 于 ' || k.since || ' 绑定' END,
       CASE WHEN k.signer = k.root THEN 'key ' || k.signer || ' was compromised since ' || k.since
            ELSE 'key ' || k.signer || ' was bound on ' || k.since || ' by key ' || k.root
                 || ', compromised by then' END,
       e.entry_index || ',' || k.revocation
-- The entries of a submission stand together, from the one that it is named by.
FROM signed k CROSS JOIN entry e
WHERE e.entry_index >= k.submission AND +e.submission = k.submission  -- found by the range, not by an index made for it
  AND e.entry_index < coalesce((SELECT min(n.submission) FROM submission n WHERE n.submission > k.submission),
                               (SELECT max(entry_index) + 1 FROM entry))
  AND e.recorded_on >= k.since
  AND (e.entry_index < k.revocation OR k.signer <> k.root)  -- after its revocation it signs nothing
ORDER BY e.entry_index, k.signer;
