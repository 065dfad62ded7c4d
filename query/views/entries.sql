-- view: entries
-- version: 1
-- zh: 条目
-- en: Entries
-- reader: everyone
-- param: entity entity = an entity, as award:A-1
-- param: list entries = entry indexes, as 12,15
-- param: kind kind = event kind
-- column: entry_index int Entry | 条目
-- column: kind text Kind | 种类
-- column: legal_date date Legal date | 法定日
-- column: recorded_on date Recorded | 记录日
-- column: assurance int Level | 可信级别
-- column: evidence_count int Evidence | 证据数
-- column: signers text Signed by | 签署
-- column: source text Source | 来源
-- column: event_id text Event id | 事件编号
-- key: entry_index
SELECT e.entry_index, e.kind, e.legal_date, e.recorded_on, e.assurance, e.evidence_count,
       (SELECT group_concat(coalesce(nullif(s.party, ''), s.key))
        FROM (SELECT party, key FROM signer WHERE submission = e.submission ORDER BY item) s) AS signers, e.source,
       e.event_id
FROM entry e
WHERE (:list IS NULL OR e.entry_index IN (SELECT value FROM json_each('[' || :list || ']')))
  AND (:entity IS NULL OR e.entry_index IN (SELECT n.entry_index FROM entity_entry n
                                            WHERE n.entity = substr(:entity, 1, instr(:entity, ':') - 1)
                                              AND n.id = substr(:entity,
                                                instr(:entity, ':') + 1)))
  AND (:kind IS NULL OR e.kind = :kind)
ORDER BY e.entry_index;
