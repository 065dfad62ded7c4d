-- view: vouchers
-- version: 1
-- zh: 记账凭证
-- en: Journal entries
-- maps: voucher_date = 记账凭证日期 | Effective_Date
-- maps: fiscal_year = 会计年度 | Fiscal_Year
-- maps: period = 会计期间号 | Accounting_Period
-- maps: books = 电子账簿编号 | Business_Unit_Code
-- maps: voucher_type = 记账凭证类型编号 | Journal_Entry_Type
-- maps: voucher_no = 记账凭证编号 | Journal_ID
-- maps: line_no = 记账凭证行号 | Journal_ID_Line_Number
-- maps: account = 科目编号 | Account_Number
-- maps: currency = 币种编码 | Currency_Code
-- maps: debit = 借方原币金额 | Amount
-- maps: credit = 贷方原币金额 | Amount
-- maps: attachments = 附件数 | -
-- maps: entered_by = 制单人 | Entered_By
-- maps: entered_at = - | Entered_Date
-- column: voucher_date date Date | 记账凭证日期
-- column: fiscal_year text Year | 会计年度
-- column: period text Period | 会计期间号
-- column: books text Books | 电子账簿编号
-- column: voucher_type text Kind | 记账凭证类型编号
-- column: voucher_no int Number, the entry | 记账凭证编号（条目序号）
-- column: line_no int Line | 记账凭证行号
-- column: account text Account | 科目编号
-- column: currency text Currency | 币种编码
-- column: debit money Debit | 借方金额
-- column: credit money Credit | 贷方金额
-- column: attachments int Evidence | 附件数
-- column: entered_by text Signed by | 制单人（签署方）
-- column: entered_at text Recorded at | 记录时间
-- column: event_id text Event id | 事件编号
SELECT p.legal_date AS voucher_date, substr(p.legal_date, 1, 4) AS fiscal_year, substr(p.legal_date, 6, 2) AS period,
       p.books,
       e.kind AS voucher_type, p.entry_index AS voucher_no, p.line + 1 AS line_no, p.account, p.currency,
       CASE WHEN p.amount > 0 THEN p.amount ELSE 0 END AS debit, CASE WHEN p.amount < 0 THEN -p.amount
           ELSE 0 END AS credit,
       e.evidence_count AS attachments,
       (SELECT s.party FROM signer s WHERE s.submission = e.submission AND s.item = 0) AS entered_by,
       e.recorded_at AS entered_at,
       e.event_id
FROM posting p JOIN entry e ON e.entry_index = p.entry_index
ORDER BY p.legal_date, p.entry_index, p.line;
