-- finding: P61 OPERATOR_BOUND_ALONE H
-- version: 2
-- zh: 运营者单独绑定的密钥
-- en: Bound by the operator alone
-- basis: separation of duties, GB/T 22239
WITH alone AS (
  -- Nobody but the operator vouches that the key is the party's: the party did not sign, nor an authority or auditor.
  -- What was bound while the ledger was set up, before the first act that was recorded, is not listed.
  SELECT b.entry_index, b.party, substr(b.key, 1, instr(b.key, '+') + 8) AS key,
         (SELECT group_concat(r.value, ',') FROM key_bound_roles r WHERE r.entry_index = b.entry_index) AS roles
  FROM begun g
  JOIN key_bound b ON b.entry_index > g.at
  JOIN entry e ON e.entry_index = b.entry_index
  WHERE EXISTS (
      SELECT 1 FROM signer s WHERE s.submission = e.submission AND s.roles LIKE '%OPR%' AND s.party <> b.party)
    AND NOT EXISTS (
      SELECT 1 FROM signer s
      WHERE s.submission = e.submission
        AND (s.party = b.party
             OR (s.roles NOT LIKE '%OPR%' AND (s.roles LIKE '%AUD%' OR s.roles LIKE '%EIT%' OR s.roles LIKE '%TRS%'
                                               OR s.roles LIKE '%SCI%' OR s.roles LIKE '%MKT%'
                                               OR s.roles LIKE '%REG%')))))
SELECT 'party ' || a.party, NULL, NULL,
       '密钥 ' || a.key || '（' || coalesce(a.roles, '') || '）仅由运营者绑定',
       'key ' || a.key || ' (' || coalesce(a.roles, '') || ') was bound by the operator alone',
       CAST(a.entry_index AS TEXT)
FROM alone a
ORDER BY a.entry_index;
