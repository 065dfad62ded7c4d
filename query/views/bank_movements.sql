-- view: bank_movements
-- version: 1
-- zh: 银行收付
-- en: Bank movements
-- reader: auditor
-- param: account value = account as the entries name it
-- param: award entity:award = one award
-- param: platform entity:platform = platform id
-- key: entry
-- totals: none
-- column: entry int Entry | 条目
-- column: moved_on date Date | 日期
-- column: kind kind Kind | 种类
-- column: award text Award | 补助编号
-- column: platform text Platform | 平台
-- column: account text Account | 账户
-- column: bank_ref text Bank reference | 银行流水号
-- column: currency text Currency | 币种
-- column: amount money Amount | 金额
SELECT entry, moved_on, kind, award, platform, account, bank_ref, currency, amount
FROM bank_movement
WHERE (:account IS NULL OR account = :account) AND (:award IS NULL OR award = :award)
  AND (:platform IS NULL OR platform = :platform)
ORDER BY moved_on, entry;
