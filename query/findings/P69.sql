-- finding: P69 IMPORTED_OVER H
-- version: 1
-- zh: 导入资料记入当事方自行记录的事项
-- en: An importer added to what its parties recorded themselves
-- basis: importers copy registers and lists; what the parties recorded is theirs to go on with
WITH imported AS MATERIALIZED (
-- What was seen in a register is an observation, shown beside.
  SELECT entry_index, kind FROM entry
  WHERE importer = 1
    AND kind NOT IN ('RegisterObserved', 'IpStatusObserved', 'IpAssetRecorded', 'PreservationNoted', 'EventReversed',
                     'EventCorrected')),
named AS MATERIALIZED (
  SELECT n.entity, n.id, n.entry_index FROM entity_entry n
  WHERE n.entry_index IN (SELECT entry_index FROM imported)),
opened AS MATERIALIZED (
  SELECT 'award' AS entity, award AS id, min(entry_index) AS first FROM subsidy_awarded GROUP BY award
  UNION ALL SELECT 'ip', number, min(entry_index) FROM ip_asset_recorded GROUP BY number
  UNION ALL SELECT 'loan', loan, min(entry_index) FROM loan_granted GROUP BY loan
  UNION ALL SELECT 'platform', platform, min(entry_index) FROM platform_established GROUP BY platform
  UNION ALL SELECT 'pledge', pledge, min(entry_index) FROM pledge_agreed GROUP BY pledge)
SELECT i.kind || ' ' || i.entry_index, NULL, NULL, o.entity || ':' || o.id || ' 系由当事方记录，此项仅见于导入资料',
       o.entity || ':' || o.id || ' was recorded by its parties; this is known from an importer only',
       o.first || ',' || i.entry_index
FROM imported i
JOIN named n ON n.entry_index = i.entry_index
JOIN opened o ON o.entity = n.entity AND o.id = n.id
JOIN entry f ON f.entry_index = o.first AND f.importer = 0
WHERE n.entity <> 'platform'
   OR i.kind IN ('PerformanceGraded', 'PlatformRecognized', 'PlatformReevaluated', 'PlatformPromoted',
                 'PlatformWithdrawn')
ORDER BY i.entry_index, o.entity, o.id;
