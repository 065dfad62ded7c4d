SELECT a.entry_index, a.pledge, x.value AS asset, a.pledgee, a.claim_kind, a.amount_fen, a.debt_from, a.debt_to,
       ae.legal_date AS agreed_on, ae.currency, g.entry_index AS registered_entry, g.reg_no, ge.legal_date AS registered_on,
       l.entry_index AS released_entry, l.released_on, l.reason,
       CASE WHEN l.entry_index IS NOT NULL THEN 'released' WHEN g.entry_index IS NOT NULL THEN 'active' ELSE 'agreed' END AS state,
       coalesce(ge.assurance, ae.assurance) AS assurance
FROM pledge_agreed a
JOIN entry ae ON ae.entry_index = a.entry_index
JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index
LEFT JOIN pledge_registered g ON g.pledge = a.pledge AND g.asset = x.value
LEFT JOIN entry ge ON ge.entry_index = g.entry_index
LEFT JOIN (SELECT r.entry_index, r.pledge, ra.value AS asset, r.reason, re.legal_date AS released_on
           FROM pledge_released r JOIN pledge_released_assets ra ON ra.entry_index = r.entry_index
           JOIN entry re ON re.entry_index = r.entry_index) l ON l.pledge = a.pledge AND l.asset = x.value
