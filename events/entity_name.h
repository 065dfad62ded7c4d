// What somebody asks about, "kind:id", found under the one name that the log has for it. Whatever takes an entity from
// a person goes through here: commands, parameters of views, proofs and their verifier.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::events {

// The kinds of entities that the schema knows, sorted: "award", "ip", ...
const std::vector<std::string_view>& entityKinds();

struct AskedEntity {
  std::string kind;
  std::string typed;                 // the id in plain spelling (identifierSpelling), else as it was typed
  std::string id;                    // as it would be recorded now; equals `typed` when `unreadable` is set
  std::vector<std::string> older;    // as earlier releases recorded it
  std::optional<Error> unreadable;   // the id is none of its kind, and why
  std::optional<Message> ambiguous;  // it may mean something else besides: its absence says nothing
  std::string key() const { return kind + ":" + id; }
};

// InvalidInput for a kind that there is not (with the nearest one) and for a missing id.
Result<AskedEntity> readEntityName(std::string_view text);

// Whether "no entry names it" may be said of the key as it stands: it is in recorded spelling, and could mean nothing
// else. InvalidInput says why not.
Status requireAbsenceMeans(std::string_view key);

// Where names are looked up: a ledger's records, or a read model's facts at a position.
struct EntityLookup {
  std::function<Result<bool>(const std::string& key)> exists;
  // The number of the right that was granted under `number`; empty when there is none.
  std::function<Result<std::string>(const std::string& number)> assetOfGrant;
  // Names of that kind, by which others are suggested; leave it out for who may not learn of them.
  std::function<Status(const std::string& kind, const std::function<void(std::string_view id)>& visit)> each;
};

struct EntityFound {
  std::string key;
  bool recorded = false;  // false: no entry names it, and that may be said
};

// The recorded name of what was asked for: as typed, in recorded spelling, as earlier releases wrote it, the asset of a
// grant number, the same letters in another case. InvalidInput where several are meant, or none can be told from
// the spelling; the message names them.
Result<EntityFound> findEntity(std::string_view text, const EntityLookup& lookup);

// "; did you mean 'award:A1'?" in both languages, or empty; for whoever says that something is not there.
Result<Message> nearestName(std::string_view key, const EntityLookup& lookup);

}  // namespace pilotledger::events
