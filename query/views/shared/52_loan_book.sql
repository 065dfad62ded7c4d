SELECT l.entry_index, l.loan, l.bank, l.debtor, l.product, l.amount_fen AS granted, l.rate_bp, l.maturity, l.pledge,
       l.platform,
       e.legal_date, e.currency, e.assurance,
       (SELECT coalesce(sum(d.amount_fen), 0) FROM loan_drawn d WHERE d.loan = l.loan) AS drawn,
       (SELECT coalesce(sum(r.principal_fen), 0) FROM loan_repaid r WHERE r.loan = l.loan) AS repaid,
       (SELECT coalesce(sum(r.interest_fen), 0) FROM loan_repaid r WHERE r.loan = l.loan) AS interest,
       (SELECT c.class FROM loan_classified c WHERE c.loan = l.loan ORDER BY c.entry_index DESC LIMIT 1) AS class,
       (SELECT sum(v.value_fen) FROM ip_valued v
        WHERE v.entry_index IN (SELECT max(i.entry_index) FROM pledge_agreed a JOIN pledge_agreed_assets x
                                  ON x.entry_index = a.entry_index
                                JOIN ip_valued_ips i ON i.value = x.value WHERE a.pledge = l.pledge
                                GROUP BY x.value)) AS value_fen
FROM loan_granted l JOIN entry e ON e.entry_index = l.entry_index
