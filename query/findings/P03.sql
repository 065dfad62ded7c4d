-- finding: P03 QUALIFICATION_EXPIRED L
-- version: 1
-- zh: 资质过期
-- en: Qualification expired and not renewed
-- basis: validity of the certificate
SELECT 'qualification ' || q.kind || '/' || q.number, NULL, NULL, q.holder || ' 的资质有效期至 ' || q.valid_to,
       q.holder || ', valid to ' || q.valid_to,
       CAST(q.entry_index AS TEXT)
FROM qualification_recorded q
WHERE q.valid_to < :on
  AND NOT EXISTS (SELECT 1 FROM qualification_recorded n
                  WHERE n.holder = q.holder AND n.kind = q.kind AND n.entry_index <> q.entry_index
                    AND (n.valid_to IS NULL
                      OR n.valid_to > q.valid_to))
ORDER BY q.kind, q.number;
