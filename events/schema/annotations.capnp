@0xe3a1c0f2b7d45901;
# What the rest of the system needs to know about an event kind or a field, said where it is
# defined. Read by reflection (schema.h); there is no second list of kinds or fields.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("pilotledger::events::schema");

annotation zh @0xd1c2a9f0e4b35701 (struct, field, enumerant, enum) :Text;
annotation en @0xd1c2a9f0e4b35702 (struct, field, enumerant, enum) :Text;
# Labels. Every event kind, every field of one and every enumerant has both.

annotation signers @0xd1c2a9f0e4b35703 (struct) :Text;
# Who must sign: "PLT@platform + CUS@client / EIT". "/" separates alternatives; within one, all
# terms joined by "+" must be present. A term is a role, with "@field" narrowed to keys of the
# party that the field names, or of the party that owns the entity which the field names.
# Role ANY fits every role; LOG is the log key in force.

struct InEdition {
  # What an annotation says from an edition of the rules on (governance.capnp, RulesAdopted).
  edition @0 :UInt16;
  text @1 :Text;
}

annotation signersIn @0xd1c2a9f0e4b3570d (struct) :List(InEdition);
# Who must sign in later editions of the rules. `signers` says it for the first.

annotation since @0xd1c2a9f0e4b3570e (struct, field) :UInt16;
# The edition of the rules from which the kind, or the field, may be recorded; without it the first.

annotation importable @0xd1c2a9f0e4b35704 (struct) :Bool;
# true: a key with role IMP may record it alone, from a public register or list.

annotation entities @0xd1c2a9f0e4b35705 (struct) :Text;
# The entities it names: "open award {award}; need party {payee}; need? run {run}; touch invoice
# {invoice.number}". open: must not exist yet. need: must exist. touch: made when absent. "?":
# skipped when the field is empty. "{list[].field}" repeats for each element. "{@id}" is the
# event's own id. The trail of each named entity grows by this entry.

annotation postings @0xd1c2a9f0e4b35706 (struct) :Text;
# Balanced double entry: "platform: cash = gross; revenue/{stream} = -net; tax-payable = -tax".
# Before the colon the field that names whose books these are; then account = [-]money field.
# "{field}" in an account is replaced by the field's text. "|" separates the books of two parties;
# each part sums to zero for every event.

annotation attesters @0xd1c2a9f0e4b3570a (struct) :Text;
# The roles whose Attested raises the assurance of such an event: "TRS / EIT".

annotation timeless @0xd1c2a9f0e4b3570c (struct) :Bool;
# true: what it says holds on every legal day, not only from its own date: a name, the taking back
# of a record, a registration that was void from the start.

annotation format @0xd1c2a9f0e4b35707 (field) :Text;
# How a field's value is spelled and checked:
#   date        Int32 yyyymmdd, 0 = absent; a real civil date (UTC+8); JSON "2026-02-28"
#   money       Int64 minor units of the event's currency (fen), above -2^63: it can be negated
#   bp          Int32 basis points
#   uuid        Data of 16 bytes; JSON 8-4-4-4-12
#   hash        Data of 32 bytes; JSON lower-case hex
#   commitment  the same, and what it stands for is kept off the log: the root over salted fields
#               (ledger/proof/commitment.h)
#   decimal     Text, plain decimal number, canonical (no exponent, no trailing zeros)
#   party       Text, USCC or "<scheme>:<id>" of a foreign party
#   ip          Text, canonical IP number (identifiers.h)
#   docno       Text, Chinese official document number 机关〔年〕号, or a foreign one as is
#   division    Text, GB/T 2260 six digits, or ISO 3166 country code
#   currency    UInt16, ISO 4217 numeric; JSON "CNY"
#   vkey        Text, C2SP verifier key
#   id          Text, 1..128 bytes, no white space: a name that some register or platform gave
# A Text field without a format is free text.

annotation required @0xd1c2a9f0e4b35708 (field) :Bool;
# true: refused when empty, zero or unspecified.

enum Confidentiality $zh("密级") $en("Confidentiality") {
  public @0 $zh("公开") $en("public");
  party @1 $zh("当事方") $en("parties concerned");
  audit @2 $zh("审计") $en("auditors");
  secret @3 $zh("保密") $en("nobody");
}
annotation confidentiality @0xd1c2a9f0e4b35709 (struct, field) :Confidentiality;
# Who may be shown the value: everybody, the parties concerned, auditors, nobody. On a field it
# covers what is inside the field; on a kind it covers the body, the evidence and the references. The
# highest counts. That an event of the kind exists, when, and who signed it is always public.

annotation sealed @0xd1c2a9f0e4b3570b (field) :Text;
# The kind of number in a Text field that is guessable and so must not be on the log as it is:
# "invoice". It may be recorded as "hmac:" and 64 hex digits, a keyed hash over the kind and the
# number, so that equal numbers still match (ledger/crypto/register_key.h).
