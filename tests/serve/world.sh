#!/usr/bin/env bash
# Makes, in the current directory, what is served: a ledger with a patent in pledge, an award, a loan, sealed numbers, and
# keys in every state a reader can have.
set -euo pipefail
. "$SOURCE/tests/scenario/setup.sh"
town
P=91330100MA2PLT015B O=91330400MA2ENT032U B=91330200MA2BNK027M X=ZL202311000001.1
{
  party 91330100MA99A00146 审计事务所 INSTITUTION 330100
  party x1:suspended 暂停公司 ENTERPRISE 330100
} | signed operator
{
  bind aud 91330100MA99A00146 '"AUD"'
  bind leaving $O '"CUS"'
  bind revoked $O '"CUS"'
  bind stolen $O '"CUS"'
  bind suspended x1:suspended '"CUS"'
} | signed operator
vkey() { pilotledger key show "keys/$1.pem"; }
{
  event KeyRevoked "$DAY" "\"key\":\"$(vkey revoked)\",\"reason\":\"SUPERSEDED\""
  event KeyRevoked "$DAY" "\"key\":\"$(vkey stolen)\",\"reason\":\"COMPROMISED\",\"compromisedSince\":\"$DAY\""
} | signed operator
event PartyStatusChanged "$DAY" '"party":"x1:suspended","status":"SUSPENDED","reason":"检查"' | signed operator eit
event KeyRevoked "$DAY" "\"key\":\"$(vkey leaving)\",\"reason\":\"CEASED\"" > leave.json
pilotledger sign leave.json --key keys/operator.pem -o leave.sub
for n in 1 2 3; do
  award "A$n" "${n}00000" | signed trs eit
  event SubsidyDisbursed "$DAY" "\"award\":\"A$n\",\"payee\":\"$P\",\"amountFen\":${n}00000,\"bankRef\":\"GK-$n\"" | signed trs
done
event ExpenditureRecorded "$DAY" "\"award\":\"A1\",\"spender\":\"$P\",\"basis\":\"INVOICE\",\"claimFen\":30000,\"invoice\":{\"number\":\"25332000000012345678\",\"totalFen\":30000},\"paymentRef\":\"FK-1\"" | signed plt
event LoanGranted "$DAY" "\"loan\":\"L\",\"bank\":\"$B\",\"debtor\":\"$O\",\"product\":\"CREDIT\",\"amountFen\":777700" | signed bnk cus
event IpAssetRecorded "$DAY" "\"number\":\"$X\",\"kind\":\"INVENTION\",\"owners\":[{\"party\":\"$O\",\"shareBp\":10000}],\"filedOn\":\"2023-03-14\",\"expiresOn\":\"2043-03-14\"" | signed cus
{
  event PledgeAgreed "$DAY" "\"pledge\":\"Z1\",\"assets\":[\"$X\"],\"pledgors\":[\"$O\"],\"pledgee\":\"$B\",\"claimKind\":\"LOAN\",\"amountFen\":5000000,\"debtFrom\":\"$DAY\",\"debtTo\":\"2027-03-01\",\"scope\":\"all\""
  event PledgeRegistered "$DAY" "\"pledge\":\"Z1\",\"asset\":\"$X\",\"regNo\":\"R1\""
} | signed cus bnk
award B1 100 > more.json
pilotledger sign more.json --key keys/trs.pem --key keys/eit.pem -o more.sub
award B2 200 > dry.json
pilotledger sign dry.json --key keys/trs.pem --key keys/eit.pem -o dry.sub
sed 's/"kind"/"id":"018f3a00-0000-7000-8000-000000000077","kind"/' more.json | sed 's/B1/B3/' > same.json
pilotledger sign same.json --key keys/trs.pem --key keys/eit.pem -o same.sub
sed 's/B3/B4/' same.json > other.json
pilotledger sign other.json --key keys/trs.pem --key keys/eit.pem -o other.sub
award B5 1 | pilotledger sign - --key keys/cus.pem -o unfit.sub
