# The words that the stories are told in; bash reads them before each command of a story.
#   province                      the ledger a story begins with: parties, keys, two platforms, two patents
#   today DATE                    the day on which the commands that follow are recorded
#   by KEY+KEY KIND FIELD=VALUE   records one event, signed by these keys; says nothing when it is accepted
#   say KIND FIELD=VALUE ...      writes one event; { say ...; say ...; } | by KEY+KEY records several together
# Of the header: on=DATE (legal date, else today), in=DIVISION (jurisdiction), as=NAME (names the event
# for later), copy=N (of equal events, which one), list=NAME (the source it was copied from), evidence=, currency=,
# refs=. All other fields are the body's.
# VALUE: @firm is a party's code, !NAME the id of the event recorded as=NAME, #TEXT the digest of a
# text, 300万 and 45.50元 are money, [..] and {..} as in JSON but for the quotes (the shell wants one
# pair around a value with braces and commas).
export PILOTLEDGER_DIR=$PWD/ledger
KEYS=$PWD/keys
[ ! -f .today ] || export PILOTLEDGER_CLOCK="$(< .today)T09:00:00+08:00"

declare -A PARTIES=(
  [eit]=11330000MB9901016B [city]=11330200MB99020196 [jiaxing]=11330400MB9904014F [trs]=11330000MB99010246
  [county]=11330282MB9902019Y [sci]=11330000MB9901884R [mkt]=11330000MB990177XG [reg]=11330000MB99010321
  [aud]=11330000MB9904014T [plt]=91330200MA99Y00159 [plt2]=91330100MA2PLT015B [firm]=91330400MA2ENT032U
  [firm2]=91330282MA99C0015N [uni]=12330000MB99U00175 [bank]=91330200MA2BNK027M [bank2]=91330400MA99B0028T
  [lab]=91330100MA99L0014K [eva]=91330000MA99E00166 [ins]=91330100MA99N00156 [gua]=91330100MA99G0017X
  [les]=91330100MA99R0017K [fnd]=91330100MA99F0011K [supplier]=91330110MA99C0031X [newcomer]=91330481MA99C004X0)

today() {
  printf %s "$1" > .today
  export PILOTLEDGER_CLOCK="$1T09:00:00+08:00"
}

digest() { printf '%s' "$1" | sha256sum | cut -d' ' -f1; }
# The id of the event that the story calls NAME.
id() {
  local h
  h=$(digest "story/$1")
  printf '%s-%s-8%s-8%s-%s' "${h:0:8}" "${h:8:4}" "${h:13:3}" "${h:17:3}" "${h:20:12}"
}

# One value as JSON.
scalar() {
  case $1 in
    @*) printf '"%s"' "${PARTIES[${1#@}]:?no party ${1#@}}" ;;
    !*) printf '"%s"' "$(id "${1#!}")" ;;
    '#'*) printf '"%s"' "$(digest "${1#\#}")" ;;
    true | false) printf '%s' "$1" ;;
    *万) [[ $1 =~ ^(-?[0-9]+)万$ ]] && printf '%s000000' "${BASH_REMATCH[1]}" || printf '"%s"' "$1" ;;
    *元) [[ $1 =~ ^(-?[0-9]+)(\.([0-9][0-9]))?元$ ]] && printf '"%s%s"' "${BASH_REMATCH[1]}" "${BASH_REMATCH[3]:-00}" || printf '"%s"' "$1" ;;
    *) printf '"%s"' "$1" ;;
  esac
}
value() {
  local rest=$1 open=""
  case $rest in [\[\{]*) ;; *) scalar "$rest"; return ;; esac
  while [ -n "$rest" ]; do
    case ${rest:0:1} in
      [\[\{]) open=${rest:0:1}$open ;;
      [\]\}]) open=${open:1}; open=${open#:} ;;
      ,) ;;
      *)
        if [[ $open = \{* && $rest =~ ^([A-Za-z]+):(.*)$ ]]; then
          printf '"%s":' "${BASH_REMATCH[1]}"
          rest=${BASH_REMATCH[2]}
          open=:$open  # a value follows
          continue
        fi
        [[ $rest =~ ^([^],}]*)(.*)$ ]]
        open=${open#:}
        rest=${BASH_REMATCH[2]}
        scalar "${BASH_REMATCH[1]}"
        continue
        ;;
    esac
    printf '%s' "${rest:0:1}"
    rest=${rest:1}
  done
}

say() {
  local kind=$1 on header="" body="" word name
  on=$(< .today)
  shift
  for word in "$@"; do
    name=${word%%=*}
    word=${word#*=}
    case $name in
      on) on=$word ;;
      in) header+="\"jurisdiction\":$(scalar "$word")," ;;
      list) header+="\"source\":$(scalar "$word")," ;;
      copy) header+="\"copy\":$word," ;;
      as) header+="\"id\":\"$(id "$word")\"," ;;
      evidence | currency | refs) header+="\"$name\":$(value "$word")," ;;
      *) body+="${body:+,}\"$name\":$(value "$word")" ;;
    esac
  done
  printf '{"kind":"%s","legalDate":"%s",%s"body":{%s}}\n' "$kind" "$on" "$header" "$body"
}

by() {
  local keys=() name
  for name in ${1//+/ }; do keys+=(--key "$KEYS/$name.pem"); done
  shift
  if [ $# -gt 0 ]; then say "$@"; else cat; fi | pilotledger record "${keys[@]}" > /dev/null
}

# knows ENTITY ATTRIBUTE ...: what the ledger knows of one entity; all of it, if no attribute is named.
knows() {
  local entity=$1
  shift
  if [ $# -eq 0 ]; then pilotledger entity --record "$entity" | sed 's/^trail \([0-9]*\) .*/trail \1/'; return; fi
  pilotledger entity --record "$entity" | grep -E "^($(IFS='|'; printf '%s' "$*"))=" || true
}

# newkey NAME: a key file; vkey NAME: its public form.
newkey() { pilotledger key new "$KEYS/$1.pem" --plain --name "story.example/$1" > /dev/null; }
vkey() { pilotledger key show "$KEYS/$1.pem" | grep -o "story.example/$1+[^ ]*" | head -1; }

party() { say PartyRegistered party="@$1" name="$2" kind="$3" division="$4"; }
bind() { newkey "$1"; say KeyBound key="$(vkey "$1")" party="@$1" roles="[$2]" "${@:3}"; }

province() {
  if [ -n "${PROVINCE:-}" ] && [ -d "$PROVINCE/ledger" ]; then
    cp -r "$PROVINCE/." .
  else
    . "$SOURCE/tests/scenario/stories/province.sh"
    found
  fi
  today "${1:-2026-03-01}"
}
