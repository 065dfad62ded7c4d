# 技术合同. Seller and buyer sign; the registry confirms the values.
ip() { event IpAssetRecorded "$1" "\"number\":\"$2\",\"kind\":\"$3\",\"title\":\"$4\",\"owners\":[$5],\"filedOn\":\"$6\",\"grantedOn\":\"$7\""; }
contract() { event TechContractSigned "$1" "\"contract\":\"$2\",\"contractType\":\"$3\",\"seller\":\"$4\",\"buyer\":\"$5\",\"platform\":\"$6\",\"title\":\"$7\",\"totalFen\":$8,\"techFen\":$9,${10},\"textHash\":\"$(hash "contract $2")\""; }
registered() { event TechContractRegistered "$1" "\"contract\":\"$2\",\"regNo\":\"$3\",\"confirmedTotalFen\":$4,\"confirmedTechFen\":$5,\"registrar\":\"技术合同登记处\",\"expertReview\":$6"; }

today 2026-01-20
ip 2026-01-15 ZL202310990001.4 INVENTION 一种可降解薄膜的连续聚合方法 '{"party":"91330282MA99C0015N","shareBp":10000}' 2023-03-14 2025-02-18 | signed chenguang
ip 2026-01-15 ZL202310990006.7 INVENTION 薄膜双向拉伸设备的张力控制 '{"party":"91330282MA99C0015N","shareBp":10000}' 2023-03-20 2025-04-08 | signed chenguang
ip 2026-01-15 ZL202210990002.4 INVENTION 耐热脂肪酶及其编码基因 '{"party":"91330402MA99C00230","shareBp":6000},{"party":"12330000MB99U00175","shareBp":4000}' 2022-05-09 2024-06-11 | signed nanhu university
ip 2026-01-15 ZL202120990003.X UTILITY_MODEL 协作臂关节模组 '{"party":"91330110MA99C0031X","shareBp":10000}' 2021-07-01 2022-01-25 | signed lingxi
ip 2026-01-15 ZL202230990005.9 DESIGN 协作机械臂 '{"party":"91330110MA99C0031X","shareBp":10000}' 2022-02-10 2022-09-30 | signed lingxi
event IpAssetRecorded 2026-01-15 '"number":"ZL202310990001.5","kind":"INVENTION","owners":[{"party":"91330282MA99C0015N"}]' | refused "check character" chenguang
event IpAssetRecorded 2026-01-15 '"number":"ZL202410990004.2","kind":"UTILITY_MODEL","owners":[{"party":"91330481MA99C004X0"}]' | refused R-IP-KIND yunzhi

DIVISION=330200
contract 2026-01-16 JS-2026-001 DEVELOPMENT 91330200MA99Y00159 91330282MA99C0015N YJ 可降解薄膜产业化开发 260000000 230000000 '"pricing":"NEGOTIATED","terms":[{"mode":"INSTALMENT","due":"2026-02-15","amountFen":130000000},{"mode":"INSTALMENT","due":"2026-09-15","amountFen":130000000}]' | signed yongjiang chenguang
contract 2026-01-18 JS-2026-002 SERVICE 91330200MA99Y00159 91330481MA99C004X0 YJ 阻燃母粒工艺包服务 90000000 90000000 '"terms":[{"mode":"LUMP_SUM","due":"2026-03-01","amountFen":90000000}]' | signed yongjiang yunzhi
contract 2026-01-18 JS-2026-003 SERVICE 91330200MA99Y00159 91330481MA99C004X0 YJ 金额不符 90000000 90000000 '"terms":[{"mode":"LUMP_SUM","amountFen":80000000}]' | refused R-TERMS-SUM yongjiang yunzhi
DIVISION=330400
contract 2026-01-18 JS-2026-004 LICENCE 12330000MB99U00175 91330402MA99C00230 JH 耐热脂肪酶许可 400000000 400000000 '"ips":["ZL202210990002.4"],"terms":[{"mode":"ENTRY_FEE","amountFen":100000000},{"mode":"ROYALTY","rateBp":300,"base":"SALES"}]' | signed university nanhu
unset DIVISION
today 2026-02-05
{
  registered 2026-02-03 JS-2026-001 26330200010017 260000000 230000000 false
  registered 2026-02-04 JS-2026-004 26330400010022 400000000 400000000 true
} | signed registry
registered 2026-02-05 JS-2026-002 26330200010018 90000000 95000000 false | refused R-TECH-VALUE registry
registered 2026-02-05 JS-2026-002 26330200010018 90000000 90000000 false | signed registry
