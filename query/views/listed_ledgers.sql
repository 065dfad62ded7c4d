-- view: listed_ledgers
-- version: 1
-- zh: 列名账本
-- en: Listed ledgers
-- reader: everyone
-- param: ledger value = origin of the ledger
-- column: ledger text Ledger | 账本
-- column: name text Name | 名称
-- column: url text Address | 地址
-- column: size int Size | 规模
-- column: root text Root | 日志根
-- column: recorded_at text Recorded at | 记录时间
-- column: state text State | 状态
-- label: state listed listed, no checkpoint yet | 已列名，尚无检查点
-- label: state one-history one history so far | 迄今一部历史
-- label: state forked signed two histories | 签署两部历史
-- column: entries text Entries | 条目
-- key: ledger
-- drill: entries list={entries}
WITH listing AS (
  SELECT ledger, name, url, entry_index, row_number() OVER (PARTITION BY ledger ORDER BY entry_index DESC) AS newest
  FROM ledger_listed),
signed AS (  -- the largest size, as it was recorded first
  SELECT ledger, size, root, entry_index,
         row_number() OVER (PARTITION BY ledger ORDER BY size DESC, entry_index) AS place
  FROM listed_checkpoint),
forked AS (
  SELECT ledger, group_concat(entry_index) AS entries
  FROM (SELECT DISTINCT c.ledger, c.entry_index
        FROM listed_checkpoint c
        JOIN listed_checkpoint o ON o.ledger = c.ledger AND o.size = c.size AND o.root <> c.root
        ORDER BY c.ledger, c.entry_index) f
  GROUP BY ledger)
SELECT l.ledger, l.name, l.url, s.size, s.root, e.recorded_at,
       CASE WHEN f.ledger IS NOT NULL THEN 'forked' WHEN s.ledger IS NULL THEN 'listed' ELSE 'one-history' END AS state,
       l.entry_index || coalesce(',' || coalesce(f.entries, CAST(s.entry_index AS TEXT)), '') AS entries
FROM listing l
LEFT JOIN signed s ON s.ledger = l.ledger AND s.place = 1
LEFT JOIN entry e ON e.entry_index = s.entry_index
LEFT JOIN forked f ON f.ledger = l.ledger
WHERE l.newest = 1 AND (:ledger IS NULL OR l.ledger = :ledger)
ORDER BY l.ledger;
