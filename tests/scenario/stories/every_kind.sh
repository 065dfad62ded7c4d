# Records one event of every line of every_kind.steps, from the template that the program prints.

# record SIGNERS: what was gathered in events.jsonl, as one submission.
gathered() {
  [ ! -s events.jsonl ] || by "$1" < events.jsonl || { printf 'signed by %s:\n' "$1"; jq -r .kind events.jsonl; }
  : > events.jsonl
}

# fill KIND FILTER: its template, filled in. An event of a kind is called by the kind, the next KIND-2.
declare -A count
fill() {
  local filter=$2 name id
  count[$1]=$((${count[$1]:-0} + 1))
  while [[ $filter =~ @([a-z0-9]+) ]]; do filter=${filter/@${BASH_REMATCH[1]}/\"${PARTIES[${BASH_REMATCH[1]}]}\"}; done
  while [[ $filter =~ !([A-Za-z]+) ]]; do name=${BASH_REMATCH[1]}; filter=${filter/!$name/\"$(id "$name")\"}; done
  id=$(id "$1$([ "${count[$1]}" = 1 ] || printf -- '-%s' "${count[$1]}")")
  # each placeholder becomes its example
  pilotledger template "$1" | jq -c --arg id "$id" --arg vkey "$(< key)" --arg old "$(< old)" --arg next "$(< next)" \
    "walk(if type == \"string\" then (capture(\"^<填写: .*; 例: (?<is>.*)>\$\").is // .) else . end | if . == \"false\" then false else . end)
     | .id = \$id | .body |= ($filter)"
}

every_kind() {
  local signers kind filter before=""
  newkey newcomer
  vkey newcomer > key
  cp "$PILOTLEDGER_DIR/log.pem" "$KEYS/"
  pilotledger key show "$KEYS/log.pem" > old
  pilotledger key new "$PILOTLEDGER_DIR/log-next.pem" --plain --name story.example > next
  : > events.jsonl
  while read -r signers kind filter; do
    case $signers in '#'* | '') continue ;; esac
    [ "$signers" = "$before" ] || gathered "$before"
    before=$signers
    fill "$kind" "$filter" >> events.jsonl
  done < "$SOURCE/tests/scenario/stories/every_kind.steps"
  gathered "$before"
}
