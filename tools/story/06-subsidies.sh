# 补助：下达、拨付、到账、支出、设备、验收. One violation of each kind is planted; the code of the
# finding that must report it stands beside it.
award() { event SubsidyAwarded "$1" "\"award\":\"$2\",\"payee\":\"$3\",\"platform\":\"$4\",\"instrument\":\"$5\",\"mode\":\"$6\",\"amountFen\":$7,\"docNo\":\"$8\",\"budgetLine\":\"2150517 产业发展\",\"payer\":\"省财政厅（示例）\",\"title\":\"$9\"${10:+,${10}}"; }
paid() { event SubsidyDisbursed "$1" "\"award\":\"$2\",\"payee\":\"$3\",\"amountFen\":$4,\"bankRef\":\"GK-$2-$1\""; }
got() { event SubsidyReceived "$1" "\"award\":\"$2\",\"payee\":\"$3\",\"amountFen\":$4,\"account\":\"ZX-$2\",\"bankRef\":\"GK-$2-$1\""; }
# spent LEGAL AWARD SPENDER INVOICE INVOICE-DATE TOTAL CLAIM PAID-ON FIELDS EVIDENCE
# Everybody may read the voucher number and the titles of the evidence, so neither repeats the invoice's number.
spent() {
  local ref=""
  case "${10:-}" in *PAYMENT*) ref=",\"paymentRef\":\"FK-$4\"" ;; esac
  event ExpenditureRecorded "$1" "\"award\":\"$2\",\"spender\":\"$3\",\"basis\":\"INVOICE\",\"line\":\"equipment\",\"invoice\":{\"number\":\"$4\",\"date\":\"$5\",\"totalFen\":$6},\"claimFen\":$7,\"paidOn\":\"$8\",\"specialAccount\":\"ZX-$2\",\"voucherNo\":\"PZ-$2-$8\"$ref${9:+,$9}" "${10:-}"
}
whole() { proof CONTRACT "采购合同 $1" INVOICE "发票 $1" PAYMENT "付款回单 $1" ASSET_CARD "资产卡片 $1"; }
installed() { event AssetInstalled "$1" "\"asset\":\"$2\",\"owner\":\"$3\",\"platform\":\"$4\",\"award\":\"$5\",\"model\":\"$6\",\"label\":\"ZC-$2\",\"site\":\"$7\",\"photoHash\":\"$(hash "photo $2")\",\"inUse\":$8"; }
Y=91330200MA99Y00159 J=91330400MA99J0013G H=12330100MB99H0016R

today 2025-09-12
{
  award 2025-09-10 A-EQ-YJ $Y YJ equipment POST 1000000000 浙财建〔2025〕61号 省级中试平台设备补助 '"baseFen":4000000000,"ownFen":3000000000,"totalFen":4000000000,"periodFrom":"2025-01-01","periodTo":"2026-06-30","permittedLines":["equipment"],"ruleSet":"zhejiang-draft/equipment"'
  award 2025-09-10 A-EQ-JH $J JH equipment POST 1200000000 浙财建〔2025〕61号 省级中试平台设备补助 '"baseFen":5000000000,"periodFrom":"2025-01-01","periodTo":"2026-06-30"'   # S01: 1200万 > 1000万
  award 2025-09-10 A-EX-HP-1 $H HP excellence REWARD 100000000 浙财建〔2025〕62号 绩效优秀奖励   # S03: graded only in 2026
  award 2025-09-10 A-OP-YJ $Y YJ operating PRE 60000000 浙财建〔2025〕63号 运营补助 '"periodFrom":"2025-09-10","periodTo":"2026-09-09"'
  award 2025-09-10 A-OP-JH $J JH operating PRE 300000000 浙财建〔2025〕63号 运营补助 '"periodFrom":"2025-09-10","periodTo":"2026-09-09"'
  award 2025-09-10 A-RD-HP $H HP virtual-pilot PRE 80000000 浙财建〔2025〕64号 数字孪生中试系统 '"periodFrom":"2025-09-10","periodTo":"2026-03-31"'
} | signed trs eit

today 2025-09-30
{
  paid 2025-09-25 A-EQ-YJ $Y 600000000
  paid 2025-09-25 A-EQ-JH $J 800000000
  paid 2025-09-25 A-EX-HP-1 $H 100000000
  paid 2025-09-25 A-OP-YJ $Y 60000000
  paid 2025-09-25 A-OP-JH $J 300000000
  paid 2025-09-25 A-RD-HP $H 80000000
} | signed trs
paid 2025-09-26 A-EQ-YJ $J 100000000 | refused R-PAYEE trs
paid 2025-09-26 A-EQ-YJ $Y 500000000 | refused R-AWARD-CONSERVATION trs
{ got 2025-09-28 A-EQ-YJ $Y 600000000; got 2025-09-28 A-OP-YJ $Y 60000000; } | signed yongjiang-finance
{ got 2025-09-28 A-EQ-JH $J 800000000; got 2025-09-28 A-OP-JH $J 300000000; } | signed jiahe   # S12: A-OP-JH lies idle from here
got 2025-09-28 A-EX-HP-1 $H 100000000 | signed hupan
today 2025-12-08
got 2025-12-05 A-RD-HP $H 80000000 | signed hupan   # S13: 86 days after the award

today 2025-12-14
{
  spent 2025-10-20 A-EQ-YJ $Y INV-YJ-01 2025-10-15 240000000 240000000 2025-10-20 '"supplier":"华东反应釜制造厂","asset":"YJ-E01"' "$(whole YJ-E01)"
  spent 2025-11-12 A-EQ-YJ $Y INV-YJ-02 2025-11-05 180000000 180000000 2025-11-12 '"supplier":"沪上挤出机械公司","asset":"YJ-E02"' "$(whole YJ-E02)"
  spent 2025-11-28 A-EQ-YJ $Y INV-YJ-03 2025-11-20 120000000 90000000 2025-11-28 '"supplier":"精测仪器公司","asset":"YJ-E03"' "$(whole YJ-E03)"
  spent 2025-12-02 A-OP-YJ $Y INV-YJ-03 2025-11-20 120000000 60000000 2025-12-02 '"supplier":"精测仪器公司"' "$(proof INVOICE "发票 YJ-E03" PAYMENT "付款回单 YJ-E03 之二")"   # S04: 90万 + 60万 > 120万
  spent 2025-12-10 A-OP-YJ $Y INV-YJ-04 2025-12-08 8000000 8000000 2025-12-10 '"supplier":"园区能源公司"' "$(proof INVOICE 能源费发票 PAYMENT 能源费回单)"   # S09: 68万 of 60万
} | signed yongjiang-finance
spent 2025-12-12 A-EQ-YJ $Y INV-YJ-03 2025-11-20 120000000 40000000 2025-12-12 '"supplier":"精测仪器公司"' | refused R-INVOICE-CLAIM yongjiang-finance
{
  spent 2025-11-06 A-EQ-JH $J INV-JH-01 2025-11-03 500000000 500000000 2025-11-06 '"supplier":"江南发酵装备公司","asset":"JH-E01","procurement":"OPEN_TENDER"' "$(whole JH-E01)"
  spent 2025-11-10 A-EQ-JH $J INV-JH-02 2024-12-18 120000000 120000000 2025-11-10 '"supplier":"江南发酵装备公司","asset":"JH-E02"' "$(whole JH-E02)"   # S11: invoiced before 2025-01-01
  spent 2025-11-15 A-EQ-JH $J INV-JH-03 2025-11-12 90000000 90000000 2025-11-15 '"supplier":"冻干设备公司","asset":"JH-E03"' "$(whole JH-E03)"   # S17: never installed
  spent 2025-11-20 A-EQ-JH $J INV-JH-04 2025-11-18 60000000 60000000 2025-11-20 '"supplier":"分离膜公司"' "$(proof INVOICE 分离膜发票)"   # S21: no contract, payment, asset card
} | signed jiahe
{
  installed 2025-11-10 YJ-E01 $Y YJ A-EQ-YJ K-5000L 一号车间 true
  installed 2025-11-30 YJ-E02 $Y YJ A-EQ-YJ TE-75 一号车间 true
  installed 2025-12-10 YJ-E03 $Y YJ A-EQ-YJ LC-MS-8060 检测室 true
} | signed yongjiang
{ installed 2025-11-25 JH-E01 $J JH A-EQ-JH FJ-2000L 发酵车间 true; installed 2025-11-28 JH-E02 $J JH A-EQ-JH FJ-500L 发酵车间 true; } | signed jiahe

today 2026-05-15
paid 2026-05-10 A-EQ-YJ $Y 400000000 | signed trs
got 2026-05-12 A-EQ-YJ $Y 400000000 | signed yongjiang-finance
spent 2026-05-14 A-EQ-YJ $Y INV-YJ-05 2026-05-08 490000000 490000000 2026-05-14 '"supplier":"连续聚合装备公司","asset":"YJ-E04","procurement":"OPEN_TENDER"' "$(whole YJ-E04)" | signed yongjiang-finance
installed 2026-05-14 YJ-E04 $Y YJ A-EQ-YJ CP-200 二号车间 true | signed yongjiang
# S10: paid after the period, which ends on 2026-03-31.
spent 2026-05-14 A-RD-HP $H INV-HP-01 2026-04-20 40000000 40000000 2026-05-06 '"supplier":"孪生软件公司"' "$(proof INVOICE 孪生软件发票 PAYMENT 孪生软件回单)" | signed hupan

today 2026-07-20
award 2026-07-15 A-EX-HP-2 $H HP excellence REWARD 100000000 浙财建〔2026〕44号 绩效优秀奖励 | signed trs eit   # S02: ten months after the first
paid 2026-07-18 A-EX-HP-2 $H 100000000 | signed trs
got 2026-07-19 A-EX-HP-2 $H 100000000 | signed hupan
event SubsidyAcceptance 2026-07-16 "\"award\":\"A-EQ-YJ\",\"result\":\"PASSED\",\"confirmedFen\":1000000000,\"reportHash\":\"$(hash "验收报告 A-EQ-YJ")\"" | signed eit evaluator auditor

today 2026-09-21
{
  spent 2026-06-02 A-OP-JH $J INV-JH-05 2026-05-28 30000000 30000000 2026-06-02 '"supplier":"园区物业公司"' "$(proof INVOICE 物业费发票 PAYMENT 物业费回单)"   # S26: 111 days late
} | signed jiahe
