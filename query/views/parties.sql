-- view: parties
-- version: 2
-- zh: 主体与密钥
-- en: Parties and their keys
-- reader: everyone
-- param: party party = party id
-- param: role code:roles = role of a key, as TRS
-- param: key value = a key, as NAME+ID
-- column: party text Party | 主体代码
-- column: name text Name | 名称
-- column: kind enum:PartyKind Kind | 类型
-- column: division text Division | 行政区划
-- column: status enum:PartyStatus Status | 状态
-- column: key text Key | 密钥
-- column: roles enum:Role Roles | 角色
-- column: level enum:Level Level | 机关层级
-- column: valid_from date Valid from | 生效日
-- column: valid_to date Valid to | 失效日
-- column: key_state text State of the key | 密钥状态
-- label: key_state in-force in force | 有效
-- label: key_state revoked revoked | 已吊销
-- label: key_state expired not valid on the day | 当日不在有效期
-- column: entries text Entries | 条目
-- key: party key
WITH bound AS (
  SELECT b.entry_index, b.party, b.key, b.level, b.valid_from, b.valid_to,
         (SELECT group_concat(r.value) FROM (SELECT value FROM key_bound_roles
                                             WHERE entry_index = b.entry_index ORDER BY item) r) AS roles,
         (SELECT min(r.entry_index) FROM key_revoked r WHERE r.key = b.key) AS revoked
  FROM key_bound b),
status AS (
  SELECT s.party, s.status, row_number() OVER (PARTITION BY s.party ORDER BY s.entry_index DESC) AS newest
  FROM party_status_changed s)
SELECT p.party, p.name, p.kind, p.division, coalesce(s.status, 'ACTIVE') AS status,
       substr(b.key, 1, instr(b.key, '+') + 8) AS key, b.roles, b.level, b.valid_from, b.valid_to,
       CASE WHEN b.key IS NULL THEN NULL WHEN b.revoked IS NOT NULL THEN 'revoked'
         WHEN b.valid_from > :on OR b.valid_to < :on THEN 'expired' ELSE 'in-force' END AS key_state,
       p.entry_index || coalesce(',' || b.entry_index, '') || coalesce(',' || b.revoked, '') AS entries
FROM party_registered p
LEFT JOIN bound b ON b.party = p.party
LEFT JOIN status s ON s.party = p.party AND s.newest = 1
WHERE (:party IS NULL OR p.party = :party) AND (:role IS NULL OR ',' || b.roles || ',' LIKE '%,' || :role || ',%')
  AND (:key IS NULL OR substr(b.key, 1, instr(b.key, '+') + 8) = :key)
ORDER BY p.party, b.entry_index;
