# 创建、认定、考核. A city recognises its own tier only (plan, part five: 市定市级、省定省级).
today 2025-07-08
DIVISION=330200 event PlatformEstablished 2025-07-07 '"platform":"YJ","name":"甬江化工新材料中试平台","legalEntity":"91330200MA99Y00159","constructionType":"LEAD_ENTERPRISE","sectors":["PETROCHEMICAL","NEW_MATERIALS"],"areaType":"CHEMICAL_PARK","division":"330200","builders":[{"party":"91330200MA99Y00159","shareBp":8000},{"party":"12330000MB99U00175","shareBp":2000}]' | signed yongjiang eit-ningbo
DIVISION=330400 event PlatformEstablished 2025-07-07 '"platform":"JH","name":"嘉禾生物制造中试平台","legalEntity":"91330400MA99J0013G","constructionType":"THIRD_PARTY","sectors":["BIOMANUFACTURING","BIOMEDICINE"],"areaType":"HIGH_TECH_ZONE","division":"330400"' | signed jiahe eit-jiaxing
event PlatformEstablished 2025-07-07 '"platform":"HP","name":"湖畔机器人中试平台","legalEntity":"12330100MB99H0016R","constructionType":"GOVERNMENT","sectors":["ROBOTICS","MACHINE_TOOL"],"areaType":"FUTURE_INDUSTRY_ZONE","division":"330100","operator":"91330110MA99C0031X"' | signed hupan eit

today 2025-07-15
DIVISION=330200 event PlatformRecognized 2025-07-14 '"platform":"YJ","level":"MUNICIPAL","docNo":"甬经信〔2025〕31号"' | signed eit-ningbo
DIVISION=330400 event PlatformRecognized 2025-07-14 '"platform":"JH","level":"MUNICIPAL","docNo":"嘉经信〔2025〕18号"' | signed eit-jiaxing
DIVISION=330400 event PlatformRecognized 2025-07-15 '"platform":"JH","level":"PROVINCIAL","docNo":"嘉经信〔2025〕19号"' | refused R-RECOGNITION-LEVEL eit-jiaxing
event PlatformRecognized 2025-07-15 '"platform":"HP","level":"PROVINCIAL","docNo":"浙经信〔2025〕40号"' | refused R-LADDER eit

today 2025-08-20
{
  event PlatformRecognized 2025-08-18 '"platform":"YJ","level":"PROVINCIAL","docNo":"浙经信〔2025〕52号","validTo":"2027-08-17"'
  event PlatformRecognized 2025-08-18 '"platform":"JH","level":"PROVINCIAL","docNo":"浙经信〔2025〕52号","validTo":"2027-08-17"'
  event PlatformRecognized 2025-08-18 '"platform":"HP","level":"PROVINCIAL","docNo":"浙经信〔2025〕52号","validTo":"2027-08-17","exceptionRef":"新建平台直接申报，浙经信〔2025〕52号第三条"'
} | signed eit

today 2026-02-10
{
  event PerformanceGraded 2026-02-06 '"platform":"YJ","year":2025,"grade":"EXCELLENT","docNo":"浙经信〔2026〕6号","indicators":[{"name":"服务企业数","actual":"46","target":"30"},{"name":"承接项目数","actual":"21","target":"15"}]'
  event PerformanceGraded 2026-02-06 '"platform":"JH","year":2025,"grade":"QUALIFIED","docNo":"浙经信〔2026〕6号"'
  event PerformanceGraded 2026-02-06 '"platform":"HP","year":2025,"grade":"EXCELLENT","docNo":"浙经信〔2026〕6号"'
} | signed eit evaluator
