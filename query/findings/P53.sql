-- finding: P53 PLEDGED_ELSEWHERE L
-- version: 1
-- zh: 已有在押质押时签约
-- en: Pledge agreed while another holds the right
-- basis: refinancing signs before the release; the old pledge must end first
SELECT n.pledge, nullif(n.amount_fen, 0), n.currency, '签约时 ' || n.asset || ' 上有在押质押 ' || o.pledge,
       o.pledge || ' was in force on '
  || n.asset,
       o.registered_entry || ',' || n.entry_index
FROM pledge_asset n
JOIN pledge_asset o ON o.asset = n.asset AND o.pledge <> n.pledge AND o.registered_entry < n.entry_index
  AND o.state <> 'revoked'
                   AND (o.released_entry IS NULL OR o.released_entry > n.entry_index)
WHERE n.asset LIKE 'CN%'
ORDER BY n.pledge, n.asset;
