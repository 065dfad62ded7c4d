SELECT c.award, s.entry_index AS policy_entry, s.rule_set, nullif(s.cap_fen, 0) AS cap_fen,
       nullif(s.ratio_bp, 0) AS ratio_bp,
       nullif(s.window_months, 0) AS window_months, s.one_time, s.eligible_grade, s.eligible_level,
       CASE s.eligible_level WHEN 'COUNTY' THEN 1 WHEN 'MUNICIPAL' THEN 2 WHEN 'PROVINCIAL' THEN 3
         WHEN 'NATIONAL' THEN 4 END AS eligible_rank,
       max(coalesce(s.stacking, 0), coalesce(d.stacking, 0)) AS stacking,
       coalesce(nullif(s.idle_months, 0), nullif(d.idle_months, 0)) AS idle_months,
       coalesce(nullif(s.idle_bp, 0), nullif(d.idle_bp, 0)) AS idle_bp,
       coalesce(nullif(s.transfer_days, 0), nullif(d.transfer_days, 0)) AS transfer_days,
       coalesce(nullif(s.install_days, 0), nullif(d.install_days, 0)) AS install_days,
       coalesce(nullif(s.line_tolerance_bp, 0), nullif(d.line_tolerance_bp, 0)) AS line_tolerance_bp,
       coalesce(nullif(s.tender_fen, 0), nullif(d.tender_fen, 0)) AS tender_fen,
       coalesce(nullif(s.split_days, 0), nullif(d.split_days, 0)) AS split_days,
       coalesce(nullif(s.restraint_months, 0), nullif(d.restraint_months, 0)) AS restraint_months,
       coalesce(nullif(s.kpi_bp, 0), nullif(d.kpi_bp, 0)) AS kpi_bp,
       coalesce(nullif(s.publicity_days, 0), nullif(d.publicity_days, 0)) AS publicity_days,
       coalesce(nullif(s.acceptance_months, 0), nullif(d.acceptance_months, 0)) AS acceptance_months,
       coalesce(nullif(s.incident_months, 0), nullif(d.incident_months, 0)) AS incident_months,
       d.entry_index AS default_entry,
       (SELECT e.currency FROM entry e WHERE e.entry_index = s.entry_index) AS cap_currency,
       (SELECT e.currency FROM entry e
        WHERE e.entry_index = CASE WHEN s.tender_fen > 0 THEN s.entry_index ELSE d.entry_index END) AS tender_currency
FROM (SELECT award,
             max(CASE WHEN instrument <> 'DEFAULT'
                   THEN closeness * 1000000000000 + policy_entry END) % 1000000000000 AS own_policy,
             max(CASE WHEN instrument = 'DEFAULT'
                   THEN closeness * 1000000000000 + policy_entry END) % 1000000000000 AS default_policy
      FROM policy_choice GROUP BY award) c
-- What has no rule set of its own is judged by DEFAULT in everything: a cap there limits every such instrument.
LEFT JOIN policy_rule_set_published s ON s.entry_index = coalesce(c.own_policy, c.default_policy)
LEFT JOIN policy_rule_set_published d ON d.entry_index = c.default_policy
