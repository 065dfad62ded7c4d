-- view: balances
-- version: 1
-- zh: 科目余额及发生额
-- en: Account balances by period
-- maps: books = 电子账簿编号 | Business_Unit_Code
-- maps: fiscal_year = 会计年度 | Fiscal_Year
-- maps: period = 会计期间号 | Accounting_Period
-- maps: account = 科目编号 | Account_Number
-- maps: currency = 币种编码 | Currency_Code
-- maps: opening = 期初原币余额 | Beginning_Balance
-- maps: debit = 借方原币发生额 | Debit_Amount
-- maps: credit = 贷方原币发生额 | Credit_Amount
-- maps: closing = 期末原币余额 | Ending_Balance
-- column: books text Books | 电子账簿编号
-- column: fiscal_year text Year | 会计年度
-- column: period text Period | 会计期间号
-- column: account text Account | 科目编号
-- column: currency text Currency | 币种编码
-- column: opening money Opening, debit positive | 期初余额（借正）
-- column: debit money Debit | 借方发生额
-- column: credit money Credit | 贷方发生额
-- column: closing money Closing, debit positive | 期末余额（借正）
SELECT books, substr(month, 1, 4) AS fiscal_year, substr(month, 6, 2) AS period, account, currency,
       closing - debit + credit AS opening, debit, credit, closing
FROM (SELECT m.*, sum(m.debit - m.credit) OVER (PARTITION BY m.books, m.account, m.currency ORDER BY m.month) AS closing
      FROM (SELECT books, account, currency, substr(legal_date, 1, 7) AS month,
            sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS debit,
                   sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS credit
            FROM posting GROUP BY books, account, currency, substr(legal_date, 1, 7)) m) b
ORDER BY books, fiscal_year, period, account, currency;
