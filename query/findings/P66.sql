-- finding: P66 CLOCK_AHEAD M
-- version: 1
-- zh: 时钟超前期间的记录
-- en: Recorded while the clock was ahead
-- basis: the correction of the clock names the first such entry
SELECT 'clock ' || c.entry_index, NULL, NULL,
       '第 ' || c.first_wrong || ' 至 ' || (c.entry_index - 1) || ' 条按超前的时钟记录（' || w.recorded_at || ' 起），更正于 '
       || e.recorded_at,
       'entries ' || c.first_wrong || ' to ' || (c.entry_index - 1) || ' carry times of a clock that was ahead (from '
       || w.recorded_at || '), set right at ' || e.recorded_at,
       c.first_wrong || ',' || c.entry_index
FROM clock_corrected c JOIN entry e ON e.entry_index = c.entry_index
JOIN entry w ON w.entry_index = c.first_wrong
ORDER BY c.entry_index;
