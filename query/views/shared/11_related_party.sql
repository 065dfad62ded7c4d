SELECT party, other, min(entry_index) AS entry_index
FROM (SELECT d.party, l.party AS other, d.entry_index FROM relation_declared d
      JOIN relation_declared_links l ON l.entry_index = d.entry_index
      UNION ALL
      SELECT l.party, d.party, d.entry_index FROM relation_declared d JOIN relation_declared_links l
        ON l.entry_index = d.entry_index
      UNION ALL
      SELECT a.party, b.party, max(a.entry_index, b.entry_index)
      FROM party_registered a JOIN party_registered b ON b.controllers_commitment = a.controllers_commitment
        AND b.party <> a.party
      WHERE a.controllers_commitment IS NOT NULL) r
GROUP BY party, other
