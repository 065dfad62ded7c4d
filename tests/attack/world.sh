#!/usr/bin/env bash
# Makes, in the current directory, what is attacked: a ledger with parties, a patent in pledge, awards, sealed numbers and a
# witness; `older`, the same ledger some commits before; and what the commands of commands.py read.
set -euo pipefail
. "$SOURCE/tests/scenario/setup.sh"
town
P=91330100MA2PLT015B O=91330400MA2ENT032U B=91330200MA2BNK027M X=ZL202311000001.1
numbered() { printf '"id":"%08x-0000-7000-8000-%012x",' "$1" "$2"; }
awards() {  # SERIES COUNT
  local i
  for ((i = 1; i <= $2; i++)); do
    event SubsidyAwarded "$DAY" "\"award\":\"W$1-$i\",\"payee\":\"$P\",\"instrument\":\"equipment\",\"amountFen\":100" "$(numbered "$1" "$i")"
  done
}
spent() {  # SERIES AWARD INVOICE
  event ExpenditureRecorded "$DAY" "\"award\":\"$2\",\"spender\":\"$P\",\"basis\":\"INVOICE\",\"claimFen\":30,\"invoice\":{\"number\":\"$3\",\"totalFen\":30}" "$(numbered "$1" 1)"
}

for w in served posted; do
  pilotledger witness init $w --name "witness.example/$w" > $w.vkey
  pilotledger witness add-log $w --log "$(cat vkey)" > added
done
(exec pilotledger witness run served > served.url 2> served.err < /dev/null & echo $! > served.pid)
for _ in $(seq 200); do [ -s served.url ] && break; sleep 0.05; done
{ echo "log $(cat vkey)"; echo "witness served $(cat served.vkey) $(cat served.url)"; echo "witness posted $(cat posted.vkey)"; echo "group one 1 served posted"; echo "quorum one"; } > policy
pilotledger witness policy policy

event IpAssetRecorded "$DAY" "\"number\":\"$X\",\"kind\":\"INVENTION\",\"owners\":[{\"party\":\"$O\",\"shareBp\":10000}],\"filedOn\":\"2023-03-14\",\"expiresOn\":\"2043-03-14\"" | signed cus
awards 1 300 | pilotledger record --batch 100 --key keys/trs.pem --key keys/eit.pem > receipts
{
  event PledgeAgreed "$DAY" "\"pledge\":\"Z1\",\"assets\":[\"$X\"],\"pledgors\":[\"$O\"],\"pledgee\":\"$B\",\"claimKind\":\"LOAN\",\"amountFen\":5000000,\"debtFrom\":\"$DAY\",\"debtTo\":\"2027-03-01\",\"scope\":\"all\""
  event PledgeRegistered "$DAY" "\"pledge\":\"Z1\",\"asset\":\"$X\",\"regNo\":\"R1\""
} | signed cus bnk
spent 2 W1-1 25332000000012345678 | signed plt
echo '{"name":"张三","idNumber":"330102199001011234"}' > person.json
pilotledger seal person.json -o commitment
event PartyRegistered "$DAY" "\"party\":\"x1:firm\",\"name\":\"某公司\",\"kind\":\"ENTERPRISE\",\"controllersCommitment\":\"$(cat commitment)\"" | signed operator
pilotledger witness collect > collected
pilotledger view subsidy_totals > viewed
cp -r ledger older
for series in 3 4 5; do awards $series 7 | signed trs eit; done
pilotledger view subsidy_totals > viewed

pilotledger log --format jsonl > entries

awards 16 21 > more.jsonl      # what the attacked commands record
awards 17 1 > one.jsonl        # recorded after each attack, to see that it can be
awards 18 4 > joint.jsonl
spent 19 W1-2 25332000000099999999 > spent.jsonl
pilotledger sign joint.jsonl --key keys/trs.pem --key keys/eit.pem -o joint.sub
pilotledger witness request --witness posted -o request
pilotledger witness cosign posted request -o reply
ln -s "$SOURCE/tools/import-rules" rules
echo '{"temperatureC":82,"stirred":true}' > recipe.json
{
  printf '[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=x\n[tsa]\nextendedKeyUsage=critical,timeStamping\n'
  printf '[t]\nserial=%s\ndefault_policy=1.2.3.4\ndigests=sha256\nsigner_digest=sha256\n' "$PWD/serial"
} > tsa.cnf
echo 01 > serial
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -config tsa.cnf -subj "/CN=Authority" -extensions tsa -keyout tsa.key -out tsa.pem -days 30 2> openssl.err
echo "openssl ts -reply -config $PWD/tsa.cnf -section t -queryfile /dev/stdin -signer $PWD/tsa.pem -inkey $PWD/tsa.key 2> /dev/null" > tsa.sh
