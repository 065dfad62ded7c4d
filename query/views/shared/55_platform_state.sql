SELECT p.platform, p.name, p.legal_entity, p.operator, p.construction_type, p.area_type, p.division,
       substr(p.division, 1,
    4) || '00' AS city, p.entry_index,
       w.entry_index AS withdrawn_entry, w.effective_on AS withdrawn_on,
       CASE WHEN w.entry_index IS NOT NULL THEN 'WITHDRAWN'
            ELSE (SELECT t.level FROM platform_tier t WHERE t.platform = p.platform ORDER BY t.entry_index DESC
                  LIMIT 1) END AS level,
       (SELECT max(t.since) FROM platform_tier t WHERE t.platform = p.platform) AS recognised_on,
       CASE WHEN w.entry_index IS NULL
            THEN coalesce((SELECT r.next_due FROM platform_reevaluated r WHERE r.platform = p.platform
                             AND r.next_due IS NOT NULL
                           ORDER BY r.entry_index DESC LIMIT 1),
                          add_months(coalesce((SELECT max(e.legal_date) FROM platform_reevaluated r
                                         JOIN entry e ON e.entry_index = r.entry_index
                                         WHERE r.platform = p.platform),
                                        (SELECT max(t.since) FROM platform_tier t WHERE t.platform = p.platform)),
                                        24)) END AS due
FROM platform_established p
LEFT JOIN platform_withdrawn w ON w.platform = p.platform AND w.effective_on <= (SELECT "on" FROM as_of)
