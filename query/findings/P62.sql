-- finding: P62 REGISTER_CONTRADICTS H
-- version: 2
-- zh: 登记簿记载与当事方记录不一致
-- en: The register says otherwise
-- basis: Civil Code art. 444: the register decides
WITH said AS (
-- What was observed in a register and no event of the parties or the registrar has recorded since.
  SELECT o.entry_index, o.ip, o.pledge, o.entry, o.effective_on FROM register_observed o),
-- An older act of the parties answers a register's word only as far as nothing has undone it since.
followed AS (
  SELECT s.entry_index FROM said s
  WHERE (s.entry = 'PLEDGED' AND EXISTS (
           SELECT 1 FROM pledge_registered r
           WHERE r.asset = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)
             AND r.entry_index > coalesce((SELECT max(a.entry_index) FROM pledge_released_assets a
                                           WHERE a.value = s.ip AND a.entry_index < s.entry_index), -1)))
     OR (s.entry = 'RELEASED' AND EXISTS (
           SELECT 1 FROM pledge_released r JOIN pledge_released_assets a ON a.entry_index = r.entry_index
           WHERE a.value = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)
             AND r.entry_index > coalesce((SELECT max(p.entry_index) FROM pledge_registered p
                                           WHERE p.asset = s.ip AND (s.pledge IS NULL OR p.pledge = s.pledge)
                                             AND p.entry_index < s.entry_index), -1)))
     OR (s.entry = 'REVOKED' AND EXISTS (
           SELECT 1 FROM pledge_revoked r JOIN pledge_revoked_assets a ON a.entry_index = r.entry_index
           WHERE a.value = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)
             AND r.entry_index > coalesce((SELECT max(p.entry_index) FROM pledge_registered p
                                           WHERE p.asset = s.ip AND (s.pledge IS NULL OR p.pledge = s.pledge)
                                             AND p.entry_index < s.entry_index), -1)))
     OR (s.entry = 'ENFORCED' AND EXISTS (
           SELECT 1 FROM pledge_enforced r JOIN pledge_enforced_assets a ON a.entry_index = r.entry_index
           WHERE a.value = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)))
     OR (s.entry = 'TRANSFERRED' AND EXISTS (
           SELECT 1 FROM ip_transferred t JOIN entry e ON e.entry_index = t.entry_index
           WHERE t.ip = s.ip AND (t.entry_index > s.entry_index OR e.legal_date = s.effective_on)))
     OR (s.entry IN ('PRESERVED', 'PRESERVATION_LIFTED')
         AND (SELECT coalesce(n.lifted, 0) FROM preservation_noted n WHERE n.ip = s.ip
              ORDER BY n.entry_index DESC LIMIT 1) = (CASE s.entry WHEN 'PRESERVED' THEN 0 ELSE 1 END))
     OR (s.entry IN ('ENDED', 'RESTORED')
         AND (SELECT CASE i.code WHEN 'RR01' THEN 'RESTORED' ELSE 'ENDED' END FROM ip_status_observed i
              WHERE i.ip = s.ip AND i.code IN ('IW01', 'CF01', 'CX01', 'AV01', 'RR01')
              ORDER BY i.entry_index DESC LIMIT 1) = s.entry))
SELECT 'ip ' || s.ip, NULL, NULL,
       '登记簿记载“' || s.entry || '”' || coalesce('（' || s.effective_on || '）', '') || '，当事方尚未据此记录',
       'the register shows ' || s.entry || coalesce(' on ' || s.effective_on, '') ||
         '; the parties have not recorded it',
       CAST(s.entry_index AS TEXT)
FROM said s
WHERE s.entry <> 'OTHER' AND s.entry_index NOT IN (SELECT entry_index FROM followed)
ORDER BY s.entry_index;
