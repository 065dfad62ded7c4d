SELECT a.entry_index, a.pledge, x.value AS asset, a.pledgee, a.claim_kind,
       coalesce((SELECT m.amount_fen FROM pledge_amended m WHERE m.pledge = a.pledge AND m.amount_fen <> 0 ORDER BY m.entry_index DESC LIMIT 1), a.amount_fen) AS amount_fen,
       a.debt_from,
       coalesce((SELECT m.debt_to FROM pledge_amended m WHERE m.pledge = a.pledge AND m.debt_to IS NOT NULL ORDER BY m.entry_index DESC LIMIT 1), a.debt_to) AS debt_to,
       ae.legal_date AS agreed_on, ae.currency, g.entry_index AS registered_entry, g.reg_no, ge.legal_date AS registered_on,
       l.entry_index AS released_entry, l.released_on, l.reason,
       CASE WHEN l.entry_index IS NOT NULL THEN l.state WHEN g.entry_index IS NOT NULL THEN 'active' ELSE 'agreed' END AS state,
       coalesce(ge.assurance, ae.assurance) AS assurance
FROM pledge_agreed a
JOIN entry ae ON ae.entry_index = a.entry_index
JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
LEFT JOIN pledge_registered g ON g.pledge = a.pledge AND g.asset = x.value
LEFT JOIN entry ge ON ge.entry_index = g.entry_index
LEFT JOIN (SELECT 'released' AS state, r.entry_index, r.pledge, ra.value AS asset, r.reason, re.legal_date AS released_on
           FROM pledge_released r JOIN pledge_released_assets ra ON ra.entry_index = r.entry_index
           JOIN entry re ON re.entry_index = r.entry_index
           UNION ALL
           SELECT 'enforced', r.entry_index, r.pledge, ra.value, r.mode, re.legal_date
           FROM pledge_enforced r JOIN pledge_enforced_assets ra ON ra.entry_index = r.entry_index
           JOIN entry re ON re.entry_index = r.entry_index
           UNION ALL
           SELECT 'revoked', r.entry_index, r.pledge, ra.value, r.ground, re.legal_date
           FROM pledge_revoked r JOIN pledge_revoked_assets ra ON ra.entry_index = r.entry_index
           JOIN entry re ON re.entry_index = r.entry_index) l ON l.pledge = a.pledge AND l.asset = x.value
