-- finding: P63 DUTIES_NOT_APART H
-- version: 2
-- zh: 不相容职责集于一方
-- en: Duties that must be apart in one hand
-- basis: separation of duties, GB/T 22239
WITH apart(one, other) AS (
-- By party, over keys that were not revoked, and by the key itself, which one hand may use under two names.
  VALUES ('AUD', 'PLT'), ('AUD', 'FIN'), ('AUD', 'OPR'), ('AUD', 'TRS'), ('OPR', 'TRS'), ('OPR', 'EIT'), ('OPR', 'REG'),
         ('OPR', 'SCI'), ('OPR', 'MKT'), ('OPR', 'BNK'), ('OPR', 'INS'), ('OPR', 'LAB'), ('OPR', 'EVA'),
         ('OPR', 'PLT')),
bound AS (
  SELECT b.entry_index, b.party, r.value AS role, b.key,
         substr(b.key, instr(b.key, '+') + 10) AS material
  FROM key_bound b JOIN key_bound_roles r ON r.entry_index = b.entry_index
  WHERE b.key NOT IN (SELECT key FROM key_revoked)),
twins AS (
  SELECT material, min(entry_index) AS first, max(entry_index) AS last FROM bound
  GROUP BY material HAVING count(DISTINCT key) > 1)
SELECT 'party ' || x.party, NULL, NULL,
       '同一主体兼有 ' || a.one || ' 与 ' || a.other,
       'one party holds both ' || a.one || ' and ' || a.other,
       min(x.entry_index, y.entry_index) || ',' || max(x.entry_index, y.entry_index)
FROM apart a
JOIN bound x ON x.role = a.one
JOIN bound y ON y.role = a.other AND y.party = x.party
UNION
SELECT 'party ' || b.party, NULL, NULL, '同一密钥以两个名称绑定', 'one key is bound under two names', t.first || ',' || t.last
FROM twins t JOIN bound b ON b.entry_index = t.last
ORDER BY 1;
