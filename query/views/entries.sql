-- view: entries
-- version: 2
-- zh: 条目
-- en: Entries
-- reader: everyone
-- param: entity entity = an entity, as award:A-1
-- param: list entries = entry indexes, as 12,15
-- param: kind kind = event kind
-- column: entry_index int Entry | 条目
-- column: kind kind Kind | 种类
-- column: legal_date date Legal date | 法定日
-- column: recorded_on date Recorded | 记录日
-- column: assurance int Level | 可信级别
-- column: evidence_count int Evidence | 证据数
-- column: signers text Signed by | 签署
-- column: source text Source | 来源
-- column: event_id text Event id | 事件编号
-- column: taken_back_by int Taken back by entry | 冲销或更正条目
-- column: taken_back text How | 方式
-- label: taken_back EventReversed reversed | 冲销
-- label: taken_back EventCorrected corrected | 更正
-- key: entry_index
SELECT e.entry_index, e.kind, e.legal_date, e.recorded_on, e.assurance, e.evidence_count,
-- What no longer stands is listed too, with the entry that took it back: nobody takes a part for the whole.
       (SELECT group_concat(coalesce(nullif(s.party, ''), s.key))
        FROM (SELECT party, key FROM signer WHERE submission = e.submission ORDER BY item) s) AS signers, e.source,
       e.event_id, e.taken_back_by,
       (SELECT b.kind FROM fact_entry b WHERE b.entry_index = e.taken_back_by) AS taken_back
FROM (SELECT entry_index, kind, legal_date, recorded_on, assurance, evidence_count, submission, source, event_id,
             CAST(NULL AS INTEGER) AS taken_back_by
      FROM entry
      UNION ALL SELECT f.entry_index, f.kind, f.legal_date, f.recorded_on, f.assurance, f.evidence_count, f.submission,
                       f.source, CAST(NULL AS TEXT), r.by_index
      FROM reversal r JOIN fact_entry f ON f.entry_index = r.target WHERE f.legal_date <= :on) e
WHERE (:list IS NULL OR e.entry_index IN (SELECT value FROM json_each('[' || :list || ']')))
  AND (:entity IS NULL OR e.entry_index IN (SELECT n.entry_index FROM entity_entry n
                                            WHERE n.entity = substr(:entity, 1, instr(:entity, ':') - 1)
                                              AND n.id = substr(:entity,
                                                instr(:entity, ':') + 1)))
  AND (:kind IS NULL OR e.kind = :kind)
ORDER BY e.entry_index;
