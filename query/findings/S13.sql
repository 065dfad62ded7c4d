-- finding: S13 DELAYED_TRANSFER M
-- version: 2
-- zh: 滞留拨付
-- en: Money arrived late after the award
-- basis: policy rule set (transfer within days)
SELECT m.award, m.awarded - coalesce((SELECT sum(r.amount_fen) FROM subsidy_received r
                                      JOIN entry re ON re.entry_index = r.entry_index
                                      WHERE r.award = m.award
                                        AND julianday(re.legal_date) - julianday(m.legal_date) <= p.transfer_days),
                                      0),
       m.currency, '下达于 ' || m.legal_date || '，' || coalesce('首笔到账 ' || m.first_received, '尚未到账'),
       'awarded ' || m.legal_date || ', ' || coalesce('first received ' || m.first_received, 'nothing received'),
       m.entry_index || coalesce(',' || m.received_entries, ''), p.transfer_days || ' days' AS "limit",
       CAST(julianday(coalesce(m.first_received, :on)) - julianday(m.legal_date) AS INTEGER) || ' days' AS found
FROM award_money m JOIN award_policy p ON p.award = m.award
WHERE p.transfer_days IS NOT NULL AND m.importer = 0
  AND julianday(coalesce(m.first_received, :on)) - julianday(m.legal_date) > p.transfer_days
ORDER BY m.award;
