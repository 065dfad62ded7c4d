SELECT e.entry_index, e.legal_date, e.recorded_on, e.currency, e.importer, e.submission, (SELECT d.rule
           FROM default_rule d WHERE e.legal_date >= d.since AND e.legal_date <= d.until
             AND substr(e.jurisdiction, 1, length(d.reach)) = d.reach ORDER BY length(d.reach) DESC, d.rule DESC
           LIMIT 1) AS rule
FROM entry e
