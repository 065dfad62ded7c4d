-- finding: P71 NUMBER_OF_TWO_RIGHTS H
-- version: 1
-- zh: 一号两权
-- en: Two rights claim one number
-- basis: a grant number or an application number names one right
WITH called AS MATERIALIZED (
  SELECT entry_index, number AS said, number FROM ip_asset_recorded
  UNION
  SELECT entry_index, grant_number, number FROM ip_asset_recorded WHERE grant_number IS NOT NULL)
SELECT 'ip ' || b.number, NULL, NULL, '其号码 ' || b.said || ' 已属 ' || a.number,
       'its number ' || b.said || ' is that of ' || a.number, a.entry_index || ',' || b.entry_index
FROM called a
JOIN called b ON b.said = a.said AND b.number <> a.number AND b.entry_index > a.entry_index
ORDER BY b.entry_index, a.entry_index;
