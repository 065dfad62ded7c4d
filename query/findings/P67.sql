-- finding: P67 OWN_CAUSE H
-- version: 1
-- zh: 自证、自批或自验
-- en: Attested, awarded or accepted in one's own cause
-- basis: separation of duties; nobody decides in a cause of his own
SELECT t.kind || ' ' || t.entry_index, NULL, NULL, s.party || ' 确认的是本单位签署的记录',
       s.party || ' attested what it had signed itself', t.entry_index || ',' || a.entry_index AS entries
FROM attested a
JOIN entry e ON e.entry_index = a.entry_index
JOIN entry t ON t.event_id = a.target
JOIN signer s ON s.submission = e.submission
JOIN signer own ON own.submission = t.submission AND own.party = s.party
UNION
SELECT 'award ' || a.award, a.amount_fen, e.currency, s.party || ' 向本单位下达补助', s.party || ' awarded to itself',
       CAST(a.entry_index AS TEXT)
FROM subsidy_awarded a
JOIN entry e ON e.entry_index = a.entry_index
JOIN signer s ON s.submission = e.submission AND s.party = a.payee
WHERE s.roles LIKE '%TRS%' OR s.roles LIKE '%EIT%' OR s.roles LIKE '%SCI%'
UNION
SELECT 'award ' || a.award, a.amount_fen, e.currency, s.party || ' 验收本单位承担的补助', s.party || ' accepted its own award',
       a.entry_index || ',' || c.entry_index
FROM subsidy_acceptance c
JOIN entry ce ON ce.entry_index = c.entry_index
JOIN signer s ON s.submission = ce.submission
JOIN subsidy_awarded a ON a.award = c.award AND a.payee = s.party
JOIN entry e ON e.entry_index = a.entry_index
ORDER BY 6, 5;
