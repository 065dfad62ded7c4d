SELECT r.platform, r.level, CASE r.level WHEN 'COUNTY' THEN 1 WHEN 'MUNICIPAL' THEN 2 WHEN 'PROVINCIAL' THEN 3
  WHEN 'NATIONAL' THEN 4 END AS rank,
       e.legal_date AS since, r.entry_index
FROM platform_recognized r JOIN entry e ON e.entry_index = r.entry_index
UNION ALL
SELECT p.platform, 'NATIONAL', 4, e.legal_date, p.entry_index FROM platform_promoted p
JOIN entry e ON e.entry_index = p.entry_index
