-- finding: S22 NO_ACCEPTANCE M
-- version: 2
-- zh: 未验收或逾期
-- en: Not accepted in time
-- basis: acceptance due in the award, else policy rule set (months after the period)
WITH due AS (
  SELECT a.award, a.amount_fen, a.entry_index, e.currency,
         coalesce(a.acceptance_due, add_months(a.period_to, p.acceptance_months)) AS due_on
  FROM subsidy_awarded a JOIN entry e ON e.entry_index = a.entry_index LEFT JOIN award_policy p ON p.award = a.award
  WHERE e.importer = 0),
accepted AS (
  SELECT s.award, min(e.legal_date) AS passed_on, min(s.entry_index) AS entry_index
  FROM subsidy_acceptance s JOIN entry e ON e.entry_index = s.entry_index WHERE s.result = 'PASSED' GROUP BY s.award)
SELECT d.award, d.amount_fen, d.currency, '应于 ' || d.due_on || ' 前验收，' || coalesce('实际 ' || c.passed_on, '尚未验收'),
       'due ' || d.due_on || ', ' || coalesce('accepted ' || c.passed_on, 'not accepted'),
       d.entry_index || coalesce(',' || c.entry_index, ''), d.due_on AS "limit",
       coalesce(c.passed_on, 'none') AS found
FROM due d LEFT JOIN accepted c ON c.award = d.award
WHERE coalesce(c.passed_on, :on) > d.due_on
ORDER BY d.award;
