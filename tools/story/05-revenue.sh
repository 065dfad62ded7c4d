# 收入：服务、技术交易、成果转化、企业孵化、投资回报. A month a batch.
# received DATE NAME PLATFORM STREAM GROSS TAX PAYER FIELDS
received() {
  local net=$(($5 - $6))
  event RevenueReceived "$1" "\"platform\":\"$3\",\"stream\":\"$4\",\"grossFen\":$5,\"taxFen\":$6,\"netFen\":$net,\"payer\":\"$7\",\"invoice\":{\"number\":\"$2\",\"date\":\"$1\",\"totalFen\":$5,\"taxFen\":$6}${8:+,$8}" "\"id\":\"$(id "$2")\","
}
# services MONTH DATE: what each platform's clients paid for services
services() {
  local month=$1 paid=$2
  DIVISION=330200
  {
    received "$paid" "26332000000100$month" YJ SERVICE $((10600000 + month * 530000)) $(((10600000 + month * 530000) / 106 * 6)) 91330282MA99C0015N '"project":"YJ-P1"'
    received "$paid" "26332000000200$month" YJ SERVICE 5300000 300000 91330481MA99C004X0 '"project":"YJ-P2","voucherFunded":true'
  } | signed yongjiang-finance
  DIVISION=330400
  received "$paid" "26333000000100$month" JH SERVICE $((8480000 + month * 106000)) $(((8480000 + month * 106000) / 106 * 6)) 91330402MA99C00230 '"project":"JH-P1"' | signed jiahe
  unset DIVISION
  received "$paid" "26331000000100$month" HP SERVICE 6360000 360000 91330110MA99C0031X '"project":"HP-P1"' | signed hupan
}
today 2026-02-20
services 1 2026-02-20
today 2026-03-20
services 2 2026-03-20
today 2026-04-20
services 3 2026-04-20
today 2026-05-20
services 4 2026-05-20
today 2026-06-19
services 5 2026-06-19
today 2026-07-20
services 6 2026-07-20
today 2026-08-10
DIVISION=330200
{
  received 2026-08-05 263320000003001 YJ TECHNOLOGY_SALES 130000000 0 91330282MA99C0015N '"contract":"JS-2026-001","bankRef":"YJ-20260805-1"'
  received 2026-08-06 263320000003002 YJ TECHNOLOGY_SALES 90000000 0 91330481MA99C004X0 '"contract":"JS-2026-002"'
  received 2026-08-07 263320000004001 YJ INCUBATION 4240000 240000 91330481MA99C004X0
} | signed yongjiang-finance
DIVISION=330400
received 2026-08-07 263330000003001 JH COMMERCIALISATION 21200000 1200000 91330402MA99C00230 '"project":"JH-P1"' | signed jiahe
unset DIVISION
received 2026-08-07 263310000003001 HP INVESTMENT_RETURN 15000000 0 91330110MA99C0031X | signed hupan
event RevenueReceived 2026-08-07 '"platform":"HP","stream":"SERVICE","grossFen":1060000,"taxFen":60000,"netFen":900000' | refused R-GROSS hupan
# A refund, and a receipt that was booked on the wrong platform's stream and is reversed whole.
today 2026-08-18
DIVISION=330200
event RevenueReversed 2026-08-17 "\"target\":\"$(id 263320000002006)\",\"platform\":\"YJ\",\"stream\":\"SERVICE\",\"grossFen\":2120000,\"taxFen\":120000,\"netFen\":2000000,\"reason\":\"服务范围调整，部分退款\"" | signed yongjiang-finance
event EventReversed 2026-08-17 "\"target\":\"$(id 263320000004001)\",\"kind\":\"REVERSED\",\"reason\":\"误记为企业孵化收入\"" | signed yongjiang-finance
received 2026-08-07 263320000005001 YJ SERVICE 4240000 240000 91330481MA99C004X0 '"project":"YJ-P2"' | signed yongjiang-finance
unset DIVISION
