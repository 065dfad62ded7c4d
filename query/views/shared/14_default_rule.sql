SELECT entry_index AS rule, effective_from AS since, coalesce(effective_to, '9999-12-31') AS until,
       CASE WHEN substr(jurisdiction, 3) = '0000' THEN substr(jurisdiction, 1, 2)
            WHEN substr(jurisdiction, 5) = '00' THEN substr(jurisdiction, 1, 4) ELSE jurisdiction END AS reach
FROM policy_rule_set_published WHERE instrument = 'DEFAULT'
