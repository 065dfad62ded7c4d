// Every key and value that is stored, in one place; ledger/README.md shows each with an example.
// Integers are big-endian, so that RocksDB's bytewise order is numeric order.
//
//   column family  key                                value
//   entry          u64 index                          proof::Entry bytes (86 or 118)
//   event          u64 index                          event bytes, exactly as signed
//   submission     32-byte digest of the note         the signed note
//   id             16-byte event id                   u64 index
//   entity         "kind:id"                          EntityRecord text
//   touch          "kind:id" 0x00 u64 index           empty: that entry names that entity
//   tile           u8 level, u64 number               256 hashes of 32 bytes, full tiles only
//   checkpoint     u64 size                           signed checkpoint note
//   countersign    u64 size, name                     what others signed about that checkpoint (countersignatures.h)
//                  "halt"                             a signed checkpoint that these entries do not lead to
//   meta           name                               text: format, origin, suite, log-key, operator
//                  "ordered"                          where the order of batches stands (commit/sequencer.h), if kept
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "events/base/bytes.h"

namespace pilotledger::ledger::layout {

inline constexpr std::string_view kFormatFamily = "pilotledger/store/v";
inline constexpr std::string_view kFormat = "pilotledger/store/v2";

enum class Family { Entry, Event, Submission, Id, Entity, Touch, Tile, Checkpoint, Meta, Countersign };
inline constexpr int kFamilies = 10;
std::string_view familyName(Family family);
// A key for messages: as it is when every character can be seen, else in hex.
std::string shownKey(std::string_view key);

std::string indexKey(std::uint64_t index);
std::optional<std::uint64_t> parseIndexKey(std::string_view key);

std::string entityIndexKey(std::string_view entity, std::uint64_t index);
std::string touchPrefix(std::string_view entity);
// The entity and the index of a touch key.
std::optional<std::pair<std::string_view, std::uint64_t>> parseTouchKey(std::string_view key);

// Where the leaf hashes of a submission are, when not all its events are entries.
std::string submissionLeavesKey(const Digest& noteDigest);

std::string countersignKey(std::uint64_t size, std::string_view name);
// The size and the name; nullopt for the row "halt".
std::optional<std::pair<std::uint64_t, std::string_view>> parseCountersignKey(std::string_view key);
inline constexpr std::string_view kHaltKey = "halt";
inline constexpr std::string_view kOrderedRow = "ordered";

std::string tileKey(int level, std::uint64_t number);
std::optional<std::pair<int, std::uint64_t>> parseTileKey(std::string_view key);

}  // namespace pilotledger::ledger::layout
