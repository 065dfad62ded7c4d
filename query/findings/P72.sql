-- finding: P72 LISTED_LEDGER_FORKED H
-- version: 1
-- zh: 列名账本签署两部历史
-- en: A listed ledger signed two histories
-- basis: an append-only log has one root for one size; two signed ones show different entries to different people
SELECT 'ledger ' || c.ledger, NULL, NULL, '规模 ' || c.size || ' 签有两个根：' || a.root || ' 与 ' || c.root,
       'two signed roots for size ' || c.size || ': ' || a.root || ' and ' || c.root,
       a.entry_index || ',' || c.entry_index
FROM (SELECT ledger, size, root, min(entry_index) AS entry_index FROM listed_checkpoint GROUP BY ledger, size, root) c
JOIN (SELECT ledger, size, min(entry_index) AS entry_index FROM listed_checkpoint GROUP BY ledger, size) f
  ON f.ledger = c.ledger AND f.size = c.size AND f.entry_index < c.entry_index
JOIN listed_checkpoint a ON a.entry_index = f.entry_index
ORDER BY c.ledger, c.size, c.entry_index;
