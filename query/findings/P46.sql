-- finding: P46 VOUCHER_RELATED M
-- version: 1
-- zh: 创新券关联使用
-- en: Voucher used at the holder's own or a related platform
-- basis: relations declared, or the same controllers' commitment
SELECT 'voucher ' || v.voucher, v.amount_fen, e.currency, '持券单位 ' || i.holder || ' 与平台 ' || v.platform || ' 关联',
       'holder ' || i.holder || ' is related to platform ' || v.platform, i.entry_index || ',' || v.entry_index
         || coalesce(',' || min(q.entry_index), '')
FROM voucher_redeemed v
JOIN voucher_issued i ON i.voucher = v.voucher
JOIN entry e ON e.entry_index = v.entry_index
JOIN platform_party f ON f.platform = v.platform
LEFT JOIN related_party q ON q.party = f.party AND q.other = i.holder
WHERE q.party IS NOT NULL OR f.party = i.holder
GROUP BY v.voucher, v.amount_fen, v.platform, v.entry_index, i.holder, i.entry_index, e.currency
ORDER BY v.voucher;
