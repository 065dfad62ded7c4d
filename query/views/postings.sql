-- view: postings
-- version: 1
-- zh: 分录
-- en: Postings
-- reader: auditor
-- param: books books = party or platform whose books
-- param: account value = account, as revenue/SERVICE
-- param: currency currency = as CNY
-- totals: amount
-- column: books text Books | 账簿
-- column: legal_date date Date | 日期
-- column: account text Account | 科目
-- column: currency text Currency | 币种
-- column: amount money Amount, debit positive | 金额（借正贷负）
-- column: entry int Entry | 条目
-- key: entry account
-- drill: entries list={entry}
SELECT p.books, p.legal_date, p.account, p.currency, p.amount, p.entry_index AS entry
FROM posting p
WHERE (:books IS NULL OR p.books = :books) AND (:account IS NULL OR p.account = :account)
  AND (:currency IS NULL OR p.currency = :currency)
ORDER BY p.entry_index, p.line;
