-- finding: P62 REGISTER_CONTRADICTS H
-- version: 1
-- zh: 登记簿记载与当事方记录不一致
-- en: The register says otherwise
-- basis: Civil Code art. 444: the register decides
WITH said AS (
-- What was observed in a register and no event of the parties or the registrar has recorded since.
  SELECT o.entry_index, o.ip, o.pledge, o.entry, o.effective_on FROM register_observed o),
followed AS (
  SELECT s.entry_index FROM said s
  WHERE (s.entry = 'PLEDGED' AND EXISTS (
           SELECT 1 FROM pledge_registered r
           WHERE r.asset = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)))
     OR (s.entry = 'RELEASED' AND EXISTS (
           SELECT 1 FROM pledge_released r JOIN pledge_released_assets a ON a.entry_index = r.entry_index
           WHERE a.value = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)))
     OR (s.entry = 'REVOKED' AND EXISTS (
           SELECT 1 FROM pledge_revoked r JOIN pledge_revoked_assets a ON a.entry_index = r.entry_index
           WHERE a.value = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)))
     OR (s.entry = 'ENFORCED' AND EXISTS (
           SELECT 1 FROM pledge_enforced r JOIN pledge_enforced_assets a ON a.entry_index = r.entry_index
           WHERE a.value = s.ip AND (s.pledge IS NULL OR r.pledge = s.pledge)))
     OR (s.entry = 'TRANSFERRED' AND EXISTS (SELECT 1 FROM ip_transferred t WHERE t.ip = s.ip))
     OR (s.entry IN ('PRESERVED', 'PRESERVATION_LIFTED') AND EXISTS (
           SELECT 1 FROM preservation_noted n
           WHERE n.ip = s.ip AND coalesce(n.lifted, 0) = (CASE s.entry WHEN 'PRESERVED' THEN 0 ELSE 1 END)))
     OR (s.entry IN ('ENDED', 'RESTORED') AND EXISTS (
           SELECT 1 FROM ip_status_observed i
           WHERE i.ip = s.ip AND ((s.entry = 'ENDED' AND i.code IN ('IW01', 'CF01', 'CX01', 'AV01'))
                                  OR (s.entry = 'RESTORED' AND i.code = 'RR01')))))
SELECT 'ip ' || s.ip, NULL, NULL,
       '登记簿记载“' || s.entry || '”' || coalesce('（' || s.effective_on || '）', '') || '，当事方尚未据此记录',
       'the register shows ' || s.entry || coalesce(' on ' || s.effective_on, '') ||
         '; the parties have not recorded it',
       CAST(s.entry_index AS TEXT)
FROM said s
WHERE s.entry <> 'OTHER' AND s.entry_index NOT IN (SELECT entry_index FROM followed)
ORDER BY s.entry_index;
