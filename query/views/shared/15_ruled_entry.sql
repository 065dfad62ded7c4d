SELECT e.entry_index, e.legal_date, e.recorded_on, e.currency, e.importer, e.submission,
       -- The nearest set that was known when the entry was recorded; a later one only where none was.
       (SELECT max((CASE WHEN d.rule < e.entry_index THEN 10 ELSE 0 END + length(d.reach)) * 1000000000000 + d.rule)
                 % 1000000000000
        FROM default_rule d
        WHERE e.legal_date >= d.since AND e.legal_date <= d.until
          AND substr(e.jurisdiction, 1, length(d.reach)) = d.reach) AS rule
FROM entry e
