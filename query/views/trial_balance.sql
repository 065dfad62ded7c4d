-- view: trial_balance
-- version: 1
-- zh: 试算平衡表
-- en: Trial balance
-- reader: auditor
-- param: books = party or platform whose books
-- column: account text Account | 科目
-- column: currency text Currency | 币种
-- column: debit money Debit | 借方
-- column: credit money Credit | 贷方
-- column: balance money Balance | 余额
-- column: postings int Postings | 分录数
SELECT account, currency, sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS debit,
       sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS credit, sum(amount) AS balance, count(*) AS postings
FROM posting
WHERE (:books IS NULL OR books = :books)
GROUP BY account, currency
ORDER BY currency, account;
