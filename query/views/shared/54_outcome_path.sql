SELECT j.project, j.platform, j.client, j.sector, f.division, substr(f.division, 1, 4) || '00' AS city,
       substr(e.legal_date, 1, 4) AS year,
       e.legal_date AS accepted_on, j.entry_index,
       (SELECT min(x.legal_date) FROM pilot_run_recorded r JOIN entry x ON x.entry_index = r.entry_index
        WHERE r.project = j.project) AS run_on,
       (SELECT min(x.legal_date) FROM pilot_accepted r JOIN entry x ON x.entry_index = r.entry_index
        WHERE r.project = j.project
          AND r.result IN ('SUCCESS', 'PARTIAL')) AS passed_on,
       (SELECT min(legal_date)
        FROM (SELECT x.legal_date FROM outcome_evaluated r JOIN entry x ON x.entry_index = r.entry_index
                                     WHERE r.project = j.project
                                     UNION ALL SELECT x.legal_date FROM outcome_registered r
                                     JOIN entry x ON x.entry_index = r.entry_index
                                     WHERE r.project = j.project) v) AS evaluated_on,
       (SELECT x.legal_date FROM tech_contract_signed c JOIN entry x ON x.entry_index = c.entry_index
        WHERE c.contract = j.contract) AS contracted_on,
       (SELECT min(x.legal_date) FROM revenue_received r JOIN entry x ON x.entry_index = r.entry_index
        WHERE r.project = j.project
          OR (j.contract IS NOT NULL AND r.contract = j.contract)) AS earned_on,
       (SELECT sum(r.net_fen) FROM revenue_received r JOIN entry x ON x.entry_index = r.entry_index
        WHERE x.currency = 'CNY'
          AND (r.project = j.project OR (j.contract IS NOT NULL AND r.contract = j.contract))) AS earned,
       (SELECT min(x.legal_date) FROM first_product_recognized r JOIN entry x ON x.entry_index = r.entry_index
        WHERE r.outcome IN (SELECT o.outcome FROM outcome_evaluated o WHERE o.project = j.project UNION SELECT o.outcome
                            FROM outcome_registered o WHERE o.project = j.project)) AS product_on,
       (SELECT count(*) FROM pilot_run_recorded r WHERE r.project = j.project) AS runs
FROM pilot_project_accepted j
JOIN entry e ON e.entry_index = j.entry_index
LEFT JOIN platform_established f ON f.platform = j.platform
