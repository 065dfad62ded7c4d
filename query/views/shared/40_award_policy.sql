SELECT c.award, s.entry_index AS policy_entry, s.rule_set, nullif(s.cap_fen, 0) AS cap_fen, nullif(s.ratio_bp, 0) AS ratio_bp,
       nullif(s.window_months, 0) AS window_months, s.one_time,
       coalesce(nullif(s.idle_months, 0), nullif(d.idle_months, 0)) AS idle_months,
       coalesce(nullif(s.idle_bp, 0), nullif(d.idle_bp, 0)) AS idle_bp,
       coalesce(nullif(s.transfer_days, 0), nullif(d.transfer_days, 0)) AS transfer_days,
       coalesce(nullif(s.install_days, 0), nullif(d.install_days, 0)) AS install_days,
       d.entry_index AS default_entry
FROM (SELECT award,
             max(CASE WHEN instrument <> 'DEFAULT' THEN closeness * 1000000000000 + policy_entry END) % 1000000000000 AS own_policy,
             max(CASE WHEN instrument = 'DEFAULT' THEN closeness * 1000000000000 + policy_entry END) % 1000000000000 AS default_policy
      FROM policy_choice GROUP BY award) c
LEFT JOIN policy_rule_set_published s ON s.entry_index = c.own_policy
LEFT JOIN policy_rule_set_published d ON d.entry_index = c.default_policy
