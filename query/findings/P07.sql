-- finding: P07 COMPROMISED_KEY H
-- version: 1
-- zh: 疑似泄露密钥签署
-- en: Signed by a key after it was compromised
-- basis: date of compromise in the revocation
SELECT e.kind || ' ' || e.entry_index, NULL, NULL, '签署密钥 ' || s.key || ' 自 ' || k.compromised_since || ' 起疑似泄露',
       'key ' || s.key || ' was compromised since ' || k.compromised_since, e.entry_index || ',' || k.entry_index
FROM key_revoked k
JOIN signer s ON substr(k.key, 1, length(s.key) + 1) = s.key || '+'
JOIN entry e ON e.submission = s.submission
WHERE k.compromised_since IS NOT NULL AND e.recorded_on >= k.compromised_since AND e.entry_index < k.entry_index
ORDER BY e.entry_index;
