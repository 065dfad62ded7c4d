-- view: evidence
-- version: 2
-- zh: 证据清单
-- en: Evidence of entries
-- reader: auditor
-- param: entity entity = an entity, as award:A-1
-- param: list entries = entry indexes, as 12,15
-- column: entry_index int Entry | 条目
-- column: kind kind Event | 事件
-- column: legal_date date Legal date | 法定日
-- column: evidence enum:EvidenceKind Evidence | 证据种类
-- column: title text Title | 标题
-- column: locator text Kept at | 存放位置
-- column: media_type text Media type | 媒体类型
-- column: size int Bytes | 字节数
-- column: hash text Hash | 哈希
-- key: entry_index hash
-- drill: entries list={entry_index}
SELECT v.entry_index, e.kind, e.legal_date, v.kind AS evidence, v.title, v.locator, v.media_type,
       nullif(v.size, 0) AS size, v.hash
FROM entry_evidence v JOIN entry e ON e.entry_index = v.entry_index
WHERE (:list IS NULL OR v.entry_index IN (SELECT value FROM json_each('[' || :list || ']')))
  AND (:entity IS NULL OR v.entry_index IN (SELECT n.entry_index FROM entity_entry n
                                            WHERE n.entity = substr(:entity, 1, instr(:entity, ':') - 1)
                                              AND n.id = substr(:entity, instr(:entity, ':') + 1)))
ORDER BY v.entry_index, v.item;
