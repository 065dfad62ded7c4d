-- view: accounts
-- version: 1
-- zh: 会计科目
-- en: Chart of accounts
-- maps: account = 科目编号 | Account_Number
-- maps: account_name_zh = 科目名称 | Account_Name
-- maps: level = 科目级次 | -
-- maps: class = 科目类型 | Account_Type
-- maps: balance_side = 余额方向 | -
-- column: account text Account | 科目编号
-- column: account_name_zh text Name (zh) | 科目名称
-- column: account_name_en text Name (en) | 科目英文名称
-- column: level int Level | 科目级次
-- column: class text Class | 科目类型
-- column: balance_side text Balance side | 余额方向
SELECT a.account, c.zh || CASE WHEN a.account = a.base THEN ''
                            ELSE substr(a.account, length(a.base) + 1) END AS account_name_zh,
       c.en || CASE WHEN a.account = a.base THEN '' ELSE substr(a.account, length(a.base) + 1) END AS account_name_en,
       CASE WHEN a.account = a.base THEN 1 ELSE 2 END AS level, c.class, CASE WHEN c.class IN ('Assets', 'Expenses')
           THEN '借' ELSE '贷' END AS balance_side
FROM (SELECT DISTINCT account, CASE WHEN account LIKE '%/%' THEN substr(account, 1, instr(account, '/') - 1)
                                 ELSE account END AS base
      FROM posting) a
LEFT JOIN account_class c ON c.base = a.base
ORDER BY a.account;
