-- What listed ledgers signed about themselves: lines ORIGIN, SIZE, ROOT, then the signatures. The rules have read it
-- (ledger/rules/listed_ledgers.cpp), so it is of that form.
SELECT entry_index, ledger, CAST(substr(rest, 1, length(rest) - length(ltrim(rest, '0123456789'))) AS INTEGER) AS size,
       substr(ltrim(rest, '0123456789'), 2, 44) AS root
FROM (SELECT entry_index, ledger, substr(checkpoint, length(ledger) + 2) AS rest FROM ledger_checkpointed) c
