# 知识产权质押：登记、重复质押被拒、展期换行、保全、撤销.
agreed() { event PledgeAgreed "$1" "\"pledge\":\"$2\",\"assets\":[$3],\"pledgors\":[$4],\"pledgee\":\"$5\",\"mainContract\":\"$6\",\"claimKind\":\"LOAN\",\"amountFen\":$7,\"debtFrom\":\"$8\",\"debtTo\":\"$9\",\"scope\":\"本金、利息、违约金及实现质权的费用\"${10:+,${10}}"; }
reg() { event PledgeRegistered "$1" "\"pledge\":\"$2\",\"asset\":\"$3\",\"regNo\":\"$4\",\"noticeHash\":\"$(hash "通知书 $4")\"" "${5:-}"; }
P1=ZL202310990001.4 P2=ZL202310990006.7 P3=ZL202210990002.4 P4=ZL202120990003.X

today 2026-03-10
DIVISION=330200
agreed 2026-03-05 ZY-001 "\"$P1\",\"$P2\"" '"91330282MA99C0015N"' 91330200MA99B001XG JK-2026-0301 500000000 2026-03-05 2027-03-04 | signed chenguang bank-yong
{ reg 2026-03-09 ZY-001 $P1 Y2026330000101; reg 2026-03-09 ZY-001 $P2 Y2026330000102; } | signed chenguang bank-yong

today 2026-04-02
agreed 2026-04-01 ZY-002 "\"$P1\"" '"91330282MA99C0015N"' 91330400MA99B0028T JK-2026-0401 300000000 2026-04-01 2027-03-31 | signed chenguang bank-nanhu
reg 2026-04-02 ZY-002 $P1 Y2026330000140 | refused R-SECOND-PLEDGE chenguang bank-nanhu
DIVISION=330400
agreed 2026-04-02 ZY-003 "\"$P3\"" '"91330402MA99C00230"' 91330400MA99B0028T JK-2026-0402 200000000 2026-04-02 2027-04-01 | refused R-CO-OWNER nanhu bank-nanhu
agreed 2026-04-02 ZY-003 "\"$P3\"" '"91330402MA99C00230","12330000MB99U00175"' 91330400MA99B0028T JK-2026-0402 200000000 2026-04-02 2043-04-01 | refused R-PLEDGE-TERM nanhu university bank-nanhu
agreed 2026-04-02 ZY-003 "\"$P3\"" '"91330402MA99C00230","12330000MB99U00175"' 91330400MA99B0028T JK-2026-0402 200000000 2026-04-02 2029-04-01 | signed nanhu university bank-nanhu
reg 2026-04-02 ZY-003 $P3 Y2026330000141 | signed nanhu university bank-nanhu
unset DIVISION

# A registration that should not have been made is void from the start.
agreed 2026-04-02 ZY-004 "\"$P4\"" '"91330110MA99C0031X"' 91330200MA99B001XG JK-2026-0403 80000000 2026-04-02 2027-04-01 | signed lingxi bank-yong
reg 2026-04-02 ZY-004 $P4 Y2026330000142 "\"id\":\"$(id ZY-004)\"," | signed lingxi bank-yong
today 2026-05-08
event EventReversed 2026-05-07 "\"target\":\"$(id ZY-004)\",\"kind\":\"REVOKED\",\"reason\":\"登记后发现同日申请的发明已授权，撤销登记\"" | signed lingxi bank-yong

# Refinancing: the first bank releases, then the second one registers.
today 2026-06-15
DIVISION=330200
event PledgeReleased 2026-06-12 "\"pledge\":\"ZY-001\",\"assets\":[\"$P1\"],\"reason\":\"PERFORMED\",\"noticeHash\":\"$(hash "注销通知书 ZY-001")\"" | signed bank-yong
reg 2026-06-15 ZY-002 $P1 Y2026330000188 | signed chenguang bank-nanhu
unset DIVISION

# What the gazette says.
today 2026-08-25
{
  event IpStatusObserved 2026-08-20 "\"ip\":\"$P4\",\"code\":\"PP01\",\"effectiveOn\":\"2026-08-18\",\"source\":\"专利公报 42卷34期\",\"reference\":\"（2026）浙01执保77号\""
  event IpStatusObserved 2026-08-20 "\"ip\":\"$P2\",\"code\":\"FEE\",\"feePaidTo\":\"2027-03-20\",\"source\":\"年费缴纳信息\""
} | signed auditor
agreed 2026-08-25 ZY-005 "\"$P4\"" '"91330110MA99C0031X"' 91330200MA99B001XG JK-2026-0801 60000000 2026-08-25 2027-08-24 | signed lingxi bank-yong
reg 2026-08-25 ZY-005 $P4 Y2026330000201 | refused R-IP-FROZEN lingxi bank-yong
