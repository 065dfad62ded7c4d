// What the ledger knows of one entity ("award:A1"): a sorted multimap of attributes and its trail.
//
// Canonical text (one spelling): first line "trail <count> <64 hex>", then one line
// "name=value" per attribute, sorted by name, then by value, bytewise, no duplicates; in values
// "\" is "\\" and newline is "\n"; names are [a-z0-9.-]+; every line ends with newline.
// Money is a decimal integer in minor units. The text is the value in the state map.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/bytes.h"
#include "events/result.h"

namespace pilotledger::proof {

class EntityRecord {
 public:
  struct Trail {
    std::uint64_t count = 0;
    Digest hash{};
  };

  static Result<EntityRecord> parse(std::string_view text);
  std::string text() const;

  // First value of the attribute, or empty.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return !get(name).empty(); }
  std::vector<std::string_view> all(std::string_view name) const;
  bool contains(std::string_view name, std::string_view value) const;
  // 0 when absent. Values written by addMoney() always parse.
  std::int64_t number(std::string_view name) const;

  void set(std::string_view name, std::string_view value);  // replaces; empty value removes
  void setNumber(std::string_view name, std::int64_t value);
  void insert(std::string_view name, std::string_view value);  // one more value, a set
  void erase(std::string_view name, std::string_view value);
  void clear() { attributes_.clear(); }  // the trail stays
  // Checked; an overflow is refused by R-OVERFLOW.
  Status add(std::string_view name, std::int64_t delta);

  const Trail& trail() const { return trail_; }
  void setTrail(const Trail& trail) { trail_ = trail; }
  const std::vector<std::pair<std::string, std::string>>& attributes() const { return attributes_; }
  bool operator==(const EntityRecord& other) const;

 private:
  Trail trail_;
  std::vector<std::pair<std::string, std::string>> attributes_;
};

}  // namespace pilotledger::proof
