-- view: books
-- version: 1
-- zh: 电子账簿
-- en: Books
-- maps: books = 电子账簿编号 | Business_Unit_Code
-- maps: name = 电子账簿名称 | Business_Unit_Description
-- maps: legal_entity = 组织机构代码 | -
-- column: books text Books | 电子账簿编号
-- column: name text Name | 电子账簿名称
-- column: legal_entity text Legal entity | 组织机构代码
-- column: postings int Postings | 分录数
SELECT b.books, coalesce(p.name, n.name) AS name, coalesce(p.legal_entity, b.books) AS legal_entity, b.postings
FROM (SELECT books, count(*) AS postings FROM posting GROUP BY books) b
LEFT JOIN platform_established p ON p.platform = b.books
LEFT JOIN party_name n ON n.party = b.books
ORDER BY b.books;
