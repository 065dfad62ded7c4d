# Who takes part. The parties are invented; their codes have valid check characters.
today 2025-07-01
DAY=2025-07-01
{
  party 11330000MB9901016B 省经信厅（示例） AUTHORITY 330000
  party 11330000MB99010246 省财政厅（示例） AUTHORITY 330000
  party 11330200MB99020196 宁波市经信局（示例） AUTHORITY 330200
  party 11330400MB9904014F 嘉兴市经信局（示例） AUTHORITY 330400
  party 11330000MB99010321 技术合同登记处（示例） AUTHORITY 330000
  party 91330200MA99Y00159 甬江化工新材料中试有限公司 ENTERPRISE 330200
  party 91330400MA99J0013G 嘉禾生物制造中试有限公司 ENTERPRISE 330400
  party 12330100MB99H0016R 湖畔机器人中试中心 INSTITUTION 330100
  party 91330282MA99C0015N 慈溪晨光薄膜有限公司 ENTERPRISE 330282
  party 91330402MA99C00230 南湖酶工程有限公司 ENTERPRISE 330402
  party 91330110MA99C0031X 余杭灵犀机械臂有限公司 ENTERPRISE 330110
  party 91330481MA99C004X0 海宁云织新材料有限公司 ENTERPRISE 330481
  party 91330200MA99B001XG 甬江商业银行 BANK 330200
  party 91330400MA99B0028T 南湖农商银行 BANK 330400
  party 91330100MA99L0014K 之江检测有限公司 LABORATORY 330100
  party 91330000MA99E00166 中正评估咨询有限公司 ENTERPRISE 330000
  party 12330000MB99U00175 浙东理工大学 INSTITUTION 330000
  party 91330100MA99A00146 明信会计师事务所 ENTERPRISE 330100
  party op:importer 公开资料导入 INSTITUTION 330000
} | signed operator
{
  bind eit 11330000MB9901016B '"EIT"' '"level":"PROVINCIAL","division":"330000"'
  bind trs 11330000MB99010246 '"TRS"' '"level":"PROVINCIAL","division":"330000"'
  bind eit-ningbo 11330200MB99020196 '"EIT"' '"level":"MUNICIPAL","division":"330200"'
  bind eit-jiaxing 11330400MB9904014F '"EIT"' '"level":"MUNICIPAL","division":"330400"'
  bind registry 11330000MB99010321 '"REG"' '"division":"330000"'
  bind yongjiang 91330200MA99Y00159 '"PLT"'
  bind yongjiang-finance 91330200MA99Y00159 '"FIN"'
  bind jiahe 91330400MA99J0013G '"PLT","FIN"'
  bind hupan 12330100MB99H0016R '"PLT","FIN"'
  bind chenguang 91330282MA99C0015N '"CUS","OWN"'
  bind nanhu 91330402MA99C00230 '"CUS","OWN"'
  bind lingxi 91330110MA99C0031X '"CUS","OWN"'
  bind yunzhi 91330481MA99C004X0 '"CUS","OWN"'
  bind bank-yong 91330200MA99B001XG '"BNK"'
  bind bank-nanhu 91330400MA99B0028T '"BNK"'
  bind lab 91330100MA99L0014K '"LAB"'
  bind evaluator 91330000MA99E00166 '"EVA"'
  bind university 12330000MB99U00175 '"OWN"'
  bind auditor 91330100MA99A00146 '"AUD"'
  bind importer op:importer '"IMP"'
} | signed operator
