-- finding: P69 IMPORTED_OVER H
-- version: 1
-- zh: 导入资料记入当事方自行记录的事项
-- en: An importer added to what its parties recorded themselves
-- basis: importers copy registers and lists; what the parties recorded is theirs to go on with
WITH imported AS MATERIALIZED (
-- What was seen in a register is an observation, shown beside.
  SELECT e.entry_index, e.kind, n.entity, n.id
  FROM entry e
  JOIN entity_entry n ON n.entry_index = e.entry_index
  WHERE e.importer = 1
    AND ((n.entity IN ('award', 'ip', 'pledge', 'loan')
          AND e.kind NOT IN ('RegisterObserved', 'IpStatusObserved', 'IpAssetRecorded', 'PreservationNoted',
                             'EventReversed', 'EventCorrected'))
      OR (n.entity = 'platform'
          AND e.kind IN ('PerformanceGraded', 'PlatformRecognized', 'PlatformReevaluated', 'PlatformPromoted',
                         'PlatformWithdrawn')))),
opened AS MATERIALIZED (
  SELECT entity, id, (SELECT min(n.entry_index) FROM entity_entry n WHERE n.entity = i.entity AND n.id = i.id) AS first
  FROM (SELECT DISTINCT entity, id FROM imported) i)
SELECT i.kind || ' ' || i.entry_index, NULL, NULL, i.entity || ':' || i.id || ' 系由当事方记录，此项仅见于导入资料',
       i.entity || ':' || i.id || ' was recorded by its parties; this is known from an importer only',
       o.first || ',' || i.entry_index
FROM imported i
JOIN opened o ON o.entity = i.entity AND o.id = i.id
JOIN entry f ON f.entry_index = o.first AND f.importer = 0
ORDER BY i.entry_index, i.entity, i.id;
