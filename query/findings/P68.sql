-- finding: P68 OPERATOR_DECIDED H
-- version: 1
-- zh: 运营者单独作出的处置
-- en: Decided by the operator alone
-- basis: separation of duties, GB/T 22239
WITH decided(entry_index, subject, zh, en) AS (
-- What concerns another party and nobody but the operator signed. Where that was right, as when a stolen key
-- ends at once, who may attest it says so, or an auditor closes the finding.
  SELECT r.entry_index, 'party ' || b.party, '运营者单独吊销其密钥', 'the operator alone revoked its key'
  FROM key_revoked r
  JOIN begun g ON r.entry_index > g.at
  JOIN key_bound b ON b.key = r.key
  WHERE NOT EXISTS (SELECT 1 FROM entry e JOIN signer s ON s.submission = e.submission
                    WHERE e.entry_index = r.entry_index AND s.party = b.party)
  UNION
  SELECT p.entry_index, 'party ' || p.party, '运营者单独变更其状态', 'the operator alone changed its status'
  FROM party_status_changed p
  JOIN begun g ON p.entry_index > g.at
  UNION
  SELECT p.entry_index, 'rule set ' || p.rule_set, '运营者单独发布规则', 'the operator alone published the rules'
  FROM policy_rule_set_published p
  JOIN begun g ON p.entry_index > g.at
  UNION
  SELECT o.entry_index, 'ip ' || o.ip, '运营者单独记载权利终止或恢复（' || o.code || '）',
         'the operator alone said that the right ended or was restored (' || o.code || ')'
  FROM ip_status_observed o
  WHERE o.code IN ('IW01', 'CF01', 'CX01', 'AV01', 'RR01'))
SELECT d.subject, NULL, NULL, d.zh, d.en, CAST(d.entry_index AS TEXT)
FROM decided d
JOIN entry e ON e.entry_index = d.entry_index
WHERE EXISTS (SELECT 1 FROM signer s WHERE s.submission = e.submission AND s.roles LIKE '%OPR%')
  AND NOT EXISTS (SELECT 1 FROM signer s WHERE s.submission = e.submission AND s.roles NOT LIKE '%OPR%')
  AND NOT EXISTS (
    SELECT 1 FROM attested a JOIN entry ae ON ae.entry_index = a.entry_index
    JOIN signer s ON s.submission = ae.submission
    WHERE a.target = e.event_id AND s.roles NOT LIKE '%OPR%')
ORDER BY d.entry_index, d.subject;
