-- finding: S27 HASH_MISMATCH H
-- version: 1
-- zh: 附件与存证不符
-- en: A presented file is not what the ledger committed to
-- basis: hashes in the signed entries; a file belongs to the entry whose evidence has its path or name as locator
-- of: files
WITH declared AS (
  SELECT p.file, v.entry_index, max(v.hash = p.hash) AS same
  FROM presented_file p
  JOIN entry_evidence v ON v.locator = p.file
    OR replace(v.locator, rtrim(v.locator, replace(v.locator, '/', '')), '') = p.name
  GROUP BY p.file, v.entry_index),
committed AS (SELECT DISTINCT p.file FROM presented_file p JOIN committed_hash c ON c.hash = p.hash)
SELECT d.file, NULL, NULL, '文件内容与该名称下存证的哈希不同', 'the content differs from the hash committed under this name',
       group_concat(d.entry_index)
FROM declared d
GROUP BY d.file
HAVING max(d.same) = 0
UNION ALL
SELECT p.file, NULL, NULL, '账本中没有该文件的哈希', 'no entry commits to this content', NULL
FROM (SELECT DISTINCT file FROM presented_file) p
WHERE p.file NOT IN (SELECT file FROM declared) AND p.file NOT IN (SELECT file FROM committed)
ORDER BY 1;
