#!/usr/bin/env bash
# Makes the province that each story begins with. province.sh DIRECTORY BIN-DIRECTORY SOURCE-DIRECTORY
# makes it once for all of them; without that a story makes its own.
found() {
  today 2025-01-01
  mkdir -p keys
  pilotledger init --origin story.example --quiet > vkey
  cp ledger/operator.pem keys/
  {
    party eit 省经信厅 AUTHORITY 330000
    party city 宁波市经信局 AUTHORITY 330200
    party jiaxing 嘉兴市经信局 AUTHORITY 330400
    party trs 省财政厅 AUTHORITY 330000
    party county 慈溪市财政局 AUTHORITY 330282
    party sci 省科技厅 AUTHORITY 330000
    party mkt 省市场监管局 AUTHORITY 330000
    party reg 登记机构 AUTHORITY 330000
    party aud 省审计厅 AUTHORITY 330000
    party plt 甬江新材料中试公司 ENTERPRISE 330200
    party plt2 之江机器人中试公司 ENTERPRISE 330100
    party firm 嘉创材料公司 ENTERPRISE 330400
    party firm2 晨光薄膜公司 ENTERPRISE 330282
    party uni 浙东理工大学 INSTITUTION 330000
    party bank 甬江商业银行 BANK 330200
    party bank2 南湖农商银行 BANK 330400
    party lab 之江检测公司 LABORATORY 330100
    party eva 中正评估公司 ENTERPRISE 330000
    party ins 浙商科技保险公司 ENTERPRISE 330100
    party gua 省融资担保公司 ENTERPRISE 330100
    party les 浙租融资租赁公司 ENTERPRISE 330100
    party fnd 省产业基金 ENTERPRISE 330100
    party supplier 余杭装备公司 ENTERPRISE 330110
    say PartyRegistered party=op:importer name=公开资料导入 kind=INSTITUTION division=330000
  } | by operator
  {
    bind eit EIT level=PROVINCIAL division=330000
    bind city EIT level=MUNICIPAL division=330200
    bind jiaxing EIT level=MUNICIPAL division=330400
    bind trs TRS level=PROVINCIAL division=330000
    bind county TRS level=COUNTY division=330282
    bind sci SCI division=330000
    bind mkt MKT division=330000
    bind reg REG division=330000
    bind aud AUD
    bind plt PLT,FIN
    bind plt2 PLT,FIN
    bind firm CUS,OWN
    bind firm2 CUS,OWN
    bind uni PLT,OWN,FIN
    bind bank BNK
    bind bank2 BNK
    bind lab LAB
    bind eva EVA
    bind ins INS
    bind gua GUA
    bind les LES
    bind fnd FND
    newkey imp
    say KeyBound key="$(vkey imp)" party=op:importer roles=[IMP]
  } | by operator
  {
    say PlatformEstablished platform=YJ name=甬江新材料中试平台 legalEntity=@plt constructionType=LEAD_ENTERPRISE sectors=[NEW_MATERIALS] division=330200
    say PlatformEstablished platform=ZJ name=之江机器人中试平台 legalEntity=@plt2 constructionType=THIRD_PARTY sectors=[ROBOTICS] division=330100
  } | by plt+plt2+eit
  {
    say IpAssetRecorded number=ZL202311000001.1 kind=INVENTION title=耐热薄膜的制备方法 owners=[{party:@firm}] filedOn=2023-03-14
    say IpAssetRecorded number=ZL202321000001.7 kind=UTILITY_MODEL title=薄膜收卷装置 owners=[{party:@firm}] filedOn=2023-05-08
  } | by firm
}

if [ $# -eq 3 ]; then
  set -euo pipefail
  rm -rf "$1"
  mkdir -p "$1"
  cd "$1"
  export PATH=$2:$PATH SOURCE=$3
  . "$SOURCE/tests/scenario/stories/vocabulary.sh"
  found
fi
