// Who may sign what, decided by what the log says at that position.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/crypto/key.h"
#include "ledger/rules/lacking.h"
#include "ledger/rules/rules.h"
#include "ledger/tlog/submission.h"

namespace pilotledger::ledger {

// The id of a key's entity: "name+keyid".
std::string keyEntityId(const crypto::VerifyKey& key);

// What a key that no event has bound is refused with.
Error keyNotBound(std::string_view keyName);

// The signer as bound in the log: NotAuthorized when the key is unknown, revoked, or outside its validity on the day of
// recording; from edition 2 on also when a key that bound it, or bound that one, turned out to be compromised by then.
Result<Signer> resolveSigner(const LogContext& log, EntityOverlay& world, std::string_view keyName,
                             std::int32_t recordedOn);

// The log key in force, as a signer of the submission that begins at that entry: it founds the ledger, as the
// operator, and later signs only what names the next log key. nullopt for another key.
std::optional<Signer> resolveLogKey(const crypto::VerifyKey& inForce, std::string_view keyName, std::uint64_t index,
                                    const std::string& operatorParty);

// The event's kind says who must sign (annotation `signers`). One alternative must be covered
// entirely, or a key with role IMP records an importable kind with its source named.
// Authorities act within the division their key is bound for.
Status requireAuthority(RuleContext& context);

// One alternative of those who must sign, as far as the signers leave it open.
struct OpenWay {
  LackingTerms lacking;
  bool started = false;  // one of its signatures is there
};
// The alternatives of the kind; for what takes another event back, of that event's kind. Left out is one that no
// signature could complete, because it asks for the parties of something that is not recorded.
Result<std::vector<OpenWay>> openWays(RuleContext& context);

// From edition 2 on a submission names the ledger by its founding key, so that it is worthless on another of the name.
Status requireNamedLog(int edition, const proof::LedgerName& meant);

// The event that EventReversed or EventCorrected takes back; absent for other kinds, and where there is none.
Result<std::optional<events::Event>> takenBackBy(const RuleContext& context);

// EIT, TRS, SCI, MKT, REG: acts for a division.
bool isAuthorityRole(std::string_view role);
// Holds an authority's or an auditor's key: who checks the operator.
bool isOffice(const Signer& signer);
// Where an event of an authority belongs, from edition 2 on: its jurisdiction, and the division of the platform it
// names; from edition 3 on also where the awards, rights, pledges and other things it names were recorded.
Result<std::vector<std::string>> placesOf(RuleContext& context);
// Where what the event opens belongs, from edition 3 on: its jurisdiction, else the division of the authority that
// signs; empty when neither is there.
std::string placeOf(const RuleContext& context);
// From edition 2 on: the signer's key is bound for a division that covers all places.
bool coversAll(const Signer& signer, const std::vector<std::string>& places);

}  // namespace pilotledger::ledger
