SELECT q.entry_index, q.pledge, q.asset, q.pledgee, q.claim_kind, q.amount_fen, q.debt_from, q.debt_to, q.agreed_on,
       q.currency,
       q.registered_entry, (SELECT g.reg_no FROM pledge_registered g
                            WHERE g.entry_index = q.registered_entry) AS reg_no,
       (SELECT e.legal_date FROM entry e WHERE e.entry_index = q.registered_entry) AS registered_on,
       coalesce(q.revoked, q.enforced, q.released) AS released_entry,
       (SELECT e.legal_date FROM entry e
        WHERE e.entry_index = coalesce(q.revoked, q.enforced, q.released)) AS released_on,
       CASE WHEN q.revoked IS NOT NULL THEN (SELECT r.ground FROM pledge_revoked r WHERE r.entry_index = q.revoked)
            WHEN q.enforced IS NOT NULL THEN (SELECT r.mode FROM pledge_enforced r WHERE r.entry_index = q.enforced)
            ELSE (SELECT r.reason FROM pledge_released r WHERE r.entry_index = q.released) END AS reason,
       CASE WHEN q.revoked IS NOT NULL THEN 'revoked' WHEN q.enforced IS NOT NULL THEN 'enforced'
         WHEN q.released IS NOT NULL THEN 'released'
            WHEN q.registered_entry IS NOT NULL THEN 'active' ELSE 'agreed' END AS state,
       (SELECT e.assurance FROM entry e WHERE e.entry_index = coalesce(q.registered_entry, q.entry_index)) AS assurance
FROM (SELECT a.entry_index, a.pledge, x.value AS asset, a.pledgee, a.claim_kind, a.debt_from, e.legal_date AS agreed_on,
      e.currency,
             coalesce((SELECT m.amount_fen FROM pledge_amended m WHERE m.pledge = a.pledge AND m.amount_fen <> 0
                       ORDER BY m.entry_index DESC LIMIT 1), a.amount_fen) AS amount_fen,
             coalesce((SELECT m.debt_to FROM pledge_amended m WHERE m.pledge = a.pledge AND m.debt_to IS NOT NULL
                       ORDER BY m.entry_index DESC LIMIT 1), a.debt_to) AS debt_to,
             (SELECT max(g.entry_index) FROM pledge_registered g WHERE g.pledge = a.pledge
                AND g.asset = x.value) AS registered_entry,
             (SELECT max(r.entry_index) FROM pledge_released r JOIN pledge_released_assets s
                ON s.entry_index = r.entry_index
              WHERE r.pledge = a.pledge AND s.value = x.value) AS released,
             (SELECT max(r.entry_index) FROM pledge_enforced r JOIN pledge_enforced_assets s
                ON s.entry_index = r.entry_index
              WHERE r.pledge = a.pledge AND s.value = x.value) AS enforced,
             (SELECT max(r.entry_index) FROM pledge_revoked r JOIN pledge_revoked_assets s
                ON s.entry_index = r.entry_index
              WHERE r.pledge = a.pledge AND s.value = x.value) AS revoked
      FROM pledge_agreed a
      JOIN entry e ON e.entry_index = a.entry_index
      JOIN pledge_agreed_assets x ON x.entry_index = a.entry_index) q
