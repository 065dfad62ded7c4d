SELECT c.entry_index, c.contract, c.contract_type AS type, c.title, c.seller, c.buyer, c.platform,
       substr(e.legal_date, 1, 4) AS year,
       e.legal_date AS signed_on, e.currency, e.assurance,
       coalesce((SELECT a.total_fen FROM tech_contract_amended a WHERE a.contract = c.contract AND a.total_fen <> 0
                 ORDER BY a.entry_index DESC LIMIT 1), c.total_fen) AS value,
       coalesce((SELECT a.tech_fen FROM tech_contract_amended a WHERE a.contract = c.contract AND a.tech_fen <> 0
                 ORDER BY a.entry_index DESC LIMIT 1), c.tech_fen) AS technology,
       (SELECT max(r.reg_no) FROM tech_contract_registered r WHERE r.contract = c.contract) AS reg_no,
       (SELECT max(r.confirmed_tech_fen) FROM tech_contract_registered r WHERE r.contract = c.contract) AS confirmed,
       CASE WHEN length(b.division) = 6 AND substr(b.division, 1, 2) = substr(e.jurisdiction, 1, 2) THEN 'inside'
            WHEN b.division IS NOT NULL AND e.jurisdiction IS NOT NULL THEN 'outside' END AS scope,
       (SELECT sum(t.amount_fen) FROM tech_contract_signed_terms t WHERE t.entry_index = c.entry_index
          AND t.due <= (SELECT "on"
           FROM as_of)) AS due,
       (SELECT coalesce(sum(r.gross_fen), 0) - coalesce((SELECT sum(v.gross_fen) FROM revenue_received o
                                                         JOIN target t ON t.target = o.entry_index
                                                         JOIN revenue_reversed v ON v.entry_index = t.entry_index
                                                         WHERE o.contract = c.contract), 0)
        FROM revenue_received r WHERE r.contract = c.contract) AS received,
       (SELECT x."end" FROM tech_contract_ended x WHERE x.contract = c.contract ORDER BY x.entry_index DESC
        LIMIT 1) AS ended,
       (SELECT sum(d.net_fen) FROM income_distribution_resolved d WHERE d.contract = c.contract) AS net,
       (SELECT sum(d.contributor_fen) FROM income_distribution_resolved d WHERE d.contract = c.contract) AS resolved,
       (SELECT sum(p.amount_fen) FROM income_distribution_resolved d JOIN income_distribution_paid p
          ON p.resolution = d.resolution
        WHERE d.contract = c.contract) AS distributed
FROM tech_contract_signed c
JOIN entry e ON e.entry_index = c.entry_index
LEFT JOIN party_registered b ON b.party = c.buyer
