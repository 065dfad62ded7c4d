-- finding: P52 MOVED_IN_PLEDGE H
-- version: 1
-- zh: 质押期间转移或许可
-- en: Transferred or licensed while in pledge by the patent register
-- basis: Civil Code 444
SELECT 'ip ' || o.ip || ' ' || o.code, q.amount_fen, q.currency, '质押 ' || q.pledge || ' 期间',
       'while pledge ' || q.pledge || ' was in force', q.registered_entry || ',' || o.entry_index
FROM ip_status_observed o
JOIN entry e ON e.entry_index = o.entry_index
JOIN pledge_asset q ON q.asset = o.ip AND q.registered_entry IS NOT NULL AND q.state <> 'revoked'
 AND coalesce(o.effective_on, e.legal_date) >= q.registered_on AND (q.released_on IS NULL OR coalesce(o.effective_on,
     e.legal_date) < q.released_on)
WHERE o.code IN ('TR01', 'EE01')
  AND NOT EXISTS (SELECT 1 FROM ip_transferred t WHERE t.ip = o.ip AND o.code = 'TR01'
                    AND t.entry_index < o.entry_index)
  AND NOT EXISTS (SELECT 1 FROM ip_licensed l WHERE l.ip = o.ip AND o.code = 'EE01' AND l.entry_index < o.entry_index)
ORDER BY o.ip, o.entry_index, q.pledge;
