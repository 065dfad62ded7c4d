-- view: technology_contracts
-- version: 1
-- zh: 技术合同台账
-- en: Technology contracts
-- reader: platform
-- param: contract entity:contract = contract id
-- param: platform entity:platform = platform id
-- param: type code:type = DEVELOPMENT, TRANSFER, LICENCE, CONSULTING or SERVICE
-- param: year year = four digits, of signing
-- param: currency currency = as CNY
-- totals: value technology due received distributed
-- column: contract text Contract | 合同编号
-- column: type enum:ContractType Type | 合同类型
-- column: title text Title | 名称
-- column: seller text Seller | 卖方
-- column: buyer text Buyer | 买方
-- column: platform text Platform | 平台
-- column: signed_on date Signed | 签订日
-- column: currency text Currency | 币种
-- column: value money Contract value | 成交额
-- column: technology money Technology value | 技术交易额
-- column: reg_no text Registration | 登记编号
-- column: scope text Buyer is | 流向
-- label: scope inside in the province | 省内
-- label: scope outside outside | 省外
-- column: due money Due by the terms | 应收
-- column: received money Received | 实收
-- column: ended enum:ContractEnd Ended | 终结
-- column: distributed money Distributed | 已分配
-- column: assurance int Level | 可信级别
-- column: entity text Entity | 对象
-- key: contract
-- drill: entries entity={entity}
SELECT c.contract, c.type, c.title, coalesce((SELECT p.name FROM party_registered p WHERE p.party = c.seller),
                                             c.seller) AS seller,
       coalesce((SELECT p.name FROM party_registered p WHERE p.party = c.buyer), c.buyer) AS buyer, c.platform,
       c.signed_on, c.currency, c.value, c.technology, c.reg_no, c.scope, c.due, c.received, c.ended, c.distributed,
       c.assurance, 'contract:' || c.contract AS entity
FROM contract_state c
WHERE (:contract IS NULL OR c.contract = :contract) AND (:platform IS NULL OR c.platform = :platform)
  AND (:type IS NULL OR c.type = :type)
  AND (:year IS NULL OR c.year = :year) AND (:currency IS NULL OR c.currency = :currency)
ORDER BY c.signed_on, c.contract;
