-- The account an award's money lies on, as its entries name it; the last word counts.
SELECT a.award, a.account
FROM (SELECT award, account, entry_index FROM subsidy_received WHERE account IS NOT NULL
      UNION ALL SELECT award, special_account, entry_index FROM expenditure_recorded
      WHERE special_account IS NOT NULL) a
JOIN (SELECT award, max(entry_index) AS entry_index
      FROM (SELECT award, entry_index FROM subsidy_received WHERE account IS NOT NULL
            UNION ALL SELECT award, entry_index FROM expenditure_recorded WHERE special_account IS NOT NULL) x
            GROUP BY award) l
  ON l.award = a.award AND l.entry_index = a.entry_index
