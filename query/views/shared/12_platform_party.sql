SELECT platform, legal_entity AS party, entry_index FROM platform_established
UNION
SELECT platform, operator, entry_index FROM platform_established WHERE operator IS NOT NULL
