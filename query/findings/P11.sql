-- finding: P11 MISSING_APPROVAL M
-- version: 2
-- zh: 审批不全
-- en: Project accepted without a required approval
-- basis: policy rule set DEFAULT (required approvals)
SELECT m.project, nullif(m.fee_fen, 0), m.currency, '缺少：' || group_concat(m.value),
       'missing: ' || group_concat(m.value), m.rule || ',' || m.entry_index
FROM (SELECT j.project, j.fee_fen, e.currency, e.rule, j.entry_index, q.value
FROM pilot_project_accepted j
JOIN ruled_entry e ON e.entry_index = j.entry_index
JOIN policy_rule_set_published_required_approvals q ON q.entry_index = e.rule
WHERE e.importer = 0 AND NOT EXISTS (SELECT 1 FROM pilot_project_accepted_approvals a
                                     WHERE a.entry_index = j.entry_index
                                       AND a.kind = q.value)
ORDER BY j.project, j.entry_index, q.item) m
GROUP BY m.project, m.fee_fen, m.currency, m.rule, m.entry_index
ORDER BY m.project, m.entry_index;
