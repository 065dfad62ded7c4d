-- finding: P41 DUPLICATE_APPLICATION M
-- version: 1
-- zh: 重复申报
-- en: Applied for again while an application is open
-- basis: one application a year for one purpose
WITH repeated AS (
  SELECT n.application, n.requested_fen, ne.currency, o.application AS open, n.entry_index, o.entry_index AS open_entry,
         row_number() OVER (PARTITION BY n.application ORDER BY o.entry_index DESC) AS newest
  FROM subsidy_applied n
  JOIN entry ne ON ne.entry_index = n.entry_index
  JOIN subsidy_applied o ON o.applicant = n.applicant AND o.instrument = n.instrument
    AND coalesce(o.project, '') = coalesce(n.project, '')
                        AND coalesce(o.platform, '') = coalesce(n.platform, '') AND o.entry_index < n.entry_index
  JOIN entry oe ON oe.entry_index = o.entry_index AND substr(oe.legal_date, 1, 4) = substr(ne.legal_date, 1, 4)
  WHERE NOT EXISTS (SELECT 1 FROM subsidy_awarded a JOIN entry ae ON ae.entry_index = a.entry_index
                    WHERE a.application = o.application AND ae.legal_date <= ne.legal_date))
SELECT 'application ' || application, requested_fen, currency, '与尚未批准的 ' || open || ' 重复',
       'repeats ' || open || ', still open', open_entry || ',' || entry_index
FROM repeated
WHERE newest = 1
ORDER BY application;
