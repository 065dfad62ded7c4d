-- The first act that is more than who takes part, with which keys, under which policy: until then a ledger is being set
-- up. As the rules count it (ledger/rules/applier.cpp, setsUp).
SELECT min(entry_index) AS at
FROM entry
WHERE kind NOT IN ('PartyRegistered', 'KeyBound', 'KeyRevoked', 'PartyStatusChanged', 'PolicyRuleSetPublished',
                   'RegisterKeyCommitted', 'LogKeyRotated', 'ClockCorrected', 'AccessLogAnchored',
                   'NodeAdmitted', 'NodeRetired')
