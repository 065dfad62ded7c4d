// What the ledger knows of one entity ("award:A1"): a sorted multimap of attributes and its trail.
//
// Canonical text (one spelling): first line "trail <count> <64 hex>", then one line
// "name=value" per attribute, sorted by name, then by value, bytewise, no duplicates; in values
// "\" is "\\" and newline is "\n"; names are [a-z0-9.-]+; every line ends with newline.
// Money is a decimal integer in minor units. The text is the value in the state map.
#pragma once

#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/bytes.h"
#include "events/base/result.h"

namespace pilotledger::proof {

class EntityRecord {
 public:
  struct Attribute {
    std::string_view name, value;
  };
  // Sorted by name, then by value.
  class Attributes;

  struct Trail {
    std::uint64_t count = 0;
    Digest hash{};
  };

  static Result<EntityRecord> parse(std::string_view text);
  std::string text() const;

  // First value of the attribute, or empty. What a record hands out stays good until it is changed.
  std::string_view get(std::string_view name) const;
  bool has(std::string_view name) const { return !get(name).empty(); }
  std::vector<std::string_view> all(std::string_view name) const;
  bool contains(std::string_view name, std::string_view value) const;
  // 0 when absent. Values written by add() always parse.
  std::int64_t number(std::string_view name) const;

  void set(std::string_view name, std::string_view value);  // replaces; empty value removes
  void setNumber(std::string_view name, std::int64_t value);
  void insert(std::string_view name, std::string_view value);  // one more value, a set
  void erase(std::string_view name, std::string_view value);
  void clear() { packed_.clear(); }  // the trail stays
  // Checked; an overflow is refused by R-OVERFLOW.
  Status add(std::string_view name, std::int64_t delta);

  const Trail& trail() const { return trail_; }
  void setTrail(const Trail& trail) { trail_ = trail; }
  Attributes attributes() const;
  bool operator==(const EntityRecord& other) const;

 private:
  struct Range {
    std::size_t from, to;  // bytes of packed_
  };
  Range rangeOf(std::string_view name) const;  // where its attributes stand, or would
  void replace(Range range, std::string_view name, std::string_view value);

  Trail trail_;
  std::string packed_;  // all attributes in one block, so that a copy is one allocation
};

class EntityRecord::Attributes {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Attribute;
    using difference_type = std::ptrdiff_t;
    using pointer = const Attribute*;
    using reference = Attribute;

    Iterator() = default;
    explicit Iterator(const char* at) : at_(at) {}
    Attribute operator*() const;
    Iterator& operator++();
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    bool operator==(const Iterator&) const = default;
    const char* position() const { return at_; }

   private:
    const char* at_ = nullptr;
  };

  explicit Attributes(std::string_view packed) : packed_(packed) {}
  Iterator begin() const { return Iterator(packed_.data()); }
  Iterator end() const { return Iterator(packed_.data() + packed_.size()); }

 private:
  std::string_view packed_;
};

inline EntityRecord::Attributes EntityRecord::attributes() const { return Attributes(packed_); }

}  // namespace pilotledger::proof

namespace pilotledger::ledger {
using proof::EntityRecord;
}
