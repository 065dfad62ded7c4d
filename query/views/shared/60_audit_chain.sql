SELECT r.entry_index, r.finding, r.code, r.severity, r.audited, r.award, r.amount_fen, r.legal_basis, r.due_on, r.text,
       e.legal_date AS raised_on, e.currency, a.answer, a.entry_index AS answer_entry, c.entry_index AS close_entry,
       CASE WHEN c.outcome = 'RECTIFIED' THEN 'closed' WHEN c.outcome = 'TRANSFERRED' THEN 'transferred'
         WHEN c.outcome IS NOT NULL THEN 'withdrawn'
            WHEN a.entry_index IS NOT NULL THEN 'answered' ELSE 'raised' END AS state,
       (SELECT group_concat(t.target) FROM target t JOIN entry x ON x.entry_index = t.target
        WHERE t.entry_index = r.entry_index) AS targets
FROM audit_finding_raised r
JOIN entry e ON e.entry_index = r.entry_index
LEFT JOIN audit_finding_answered a
  ON a.entry_index = (SELECT max(n.entry_index) FROM audit_finding_answered n WHERE n.finding = r.finding)
LEFT JOIN audit_finding_closed c ON c.finding = r.finding
