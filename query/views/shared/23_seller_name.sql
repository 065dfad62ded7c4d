-- The party behind a name that only one has.
SELECT replace(name, ' ', '') AS name, min(party) AS party FROM party_registered
GROUP BY replace(name, ' ', '') HAVING count(DISTINCT party) = 1
