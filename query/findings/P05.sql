-- finding: P05 SPONSOR_OPERATES M
-- version: 1
-- zh: 政府投资平台未委托专业团队
-- en: Government platform operated by its sponsor
-- basis: built by government, run by a professional team (plan, part two, clause three)
SELECT f.platform, NULL, NULL, '运营主体 ' || f.operator || ' 即建设主体或其关联方',
       'operator ' || f.operator || ' is a sponsor or related to one',
       f.entry_index || coalesce(',' || min(q.entry_index), '')
FROM platform_established f
JOIN platform_established_builders b ON b.entry_index = f.entry_index
LEFT JOIN related_party q ON q.party = f.operator AND q.other = b.party
WHERE f.construction_type = 'GOVERNMENT' AND f.operator IS NOT NULL AND (b.party = f.operator OR q.party IS NOT NULL)
GROUP BY f.platform, f.operator, f.entry_index
ORDER BY f.platform;
