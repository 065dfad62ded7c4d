# 更正与密钥. A wrong entry is reversed, never changed; a key that leaked signs no more.
wrong=$(id wrong-expenditure)

today 2026-09-22
DAY=2026-09-22
event ExpenditureRecorded 2026-09-18 "\"award\":\"A-OP-YJ\",\"spender\":\"91330200MA99Y00159\",\"basis\":\"INVOICE\",\"line\":\"service\",\"invoice\":{\"number\":\"INV-YJ-06\",\"date\":\"2026-09-05\",\"totalFen\":9000000},\"claimFen\":9000000,\"paidOn\":\"2026-09-08\",\"specialAccount\":\"ZX-A-OP-YJ\"" "\"id\":\"$wrong\",$(proof INVOICE 九月发票 PAYMENT 九月回单)" | signed yongjiang-finance
event EventReversed 2026-09-22 "\"target\":\"$wrong\",\"kind\":\"REVERSED\",\"reason\":\"应列自有资金，误列专项\"" | refused R-AUTHORITY jiahe
event EventReversed 2026-09-22 "\"target\":\"$wrong\",\"kind\":\"REVERSED\",\"reason\":\"应列自有资金，误列专项\"" | signed yongjiang-finance

old=$("$PL" key show "$KEYS/jiahe.pem" | grep -o 'story.example/jiahe+.*' | head -1)
mv "$KEYS/jiahe.pem" "$KEYS/jiahe-2025.pem"
bind jiahe 91330400MA99J0013G '"PLT","FIN"' | signed operator jiahe-2025
event KeyRevoked 2026-09-22 "\"key\":\"$old\",\"reason\":\"SUPERSEDED\"" | signed jiahe
event RevenueReceived 2026-09-22 '"platform":"JH","stream":"SERVICE","grossFen":1060000,"taxFen":60000,"netFen":1000000' | refused "revoked" jiahe-2025
today 2026-10-09
event RevenueReceived 2026-10-09 '"platform":"JH","stream":"SERVICE","grossFen":1060000,"taxFen":60000,"netFen":1000000' | signed jiahe
