// RocksDB behind a few nouns; the only files that know it are here. Rows are described in layout.h.
//
// Guarantees: write() is atomic; Synced, it is on stable storage when it returns; a failed write leaves the store as it
// was. Reads are thread-safe. Rows carry RocksDB's per-block checksums; a checksum failure comes back as Corruption
// naming the family.
//
// Modes: one writer (an advisory lock names its holder), any number of readers beside it. A reader sees the commits
// that were on stable storage and signed when it opened the store, among them all that were acknowledged (`head`), all
// families at the same commit, and nothing that came later. A store with less than what was acknowledged, or with a
// hole in its write-ahead log, is Corruption for every mode, and opening it changes nothing.
#pragma once

#include <filesystem>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "events/base/result.h"
#include "ledger/store/layout.h"

namespace pilotledger::ledger {

// Rows that become visible and durable together. Made by Store::begin() and outlived by its store.
class WriteSet {
 public:
  ~WriteSet();
  WriteSet(WriteSet&&) noexcept;
  WriteSet& operator=(WriteSet&&) noexcept;
  void put(layout::Family family, std::string_view key, std::string_view value);

 private:
  friend class Store;
  struct Rep;
  explicit WriteSet(std::unique_ptr<Rep> rep);
  std::unique_ptr<Rep> rep_;
};

class Store {
 public:
  enum class Mode { Create, Write, Read };
  // `admit` judges what a writer would open, before it is opened to write: its refusal has changed nothing.
  static Result<std::unique_ptr<Store>> open(const std::filesystem::path& directory, Mode mode,
                                             const std::function<Status(const Store&)>& admit = {});
  ~Store();

  Result<std::optional<std::string>> get(layout::Family family, std::string_view key) const;
  // Row must exist; its absence is Corruption.
  Result<std::string> require(layout::Family family, std::string_view key) const;
  // The same for many rows at once, which costs less than one after the other; in the order of `keys`.
  Result<std::vector<std::string>> multiGet(layout::Family family, const std::vector<std::string_view>& keys) const;
  // The last row of a family.
  Result<std::optional<std::pair<std::string, std::string>>> last(layout::Family family) const;
  // Rows with key >= from, in order, until `visit` returns false or the end.
  Status each(layout::Family family, std::string_view from,
              const std::function<bool(std::string_view key, std::string_view value)>& visit) const;

  // Rows of the entries [from, to): Corruption names the one that is missing.
  Status rows(layout::Family family, std::uint64_t from, std::uint64_t to,
              const std::function<Status(std::uint64_t index, std::string_view value)>& take) const;

  // Indexes of the entries that name an entity ("kind:id"), ascending.
  Result<std::vector<std::uint64_t>> entriesOf(std::string_view entity) const;

  // Number of entries that are stored, signed or not.
  Result<std::uint64_t> size() const;

  // Every byte of the table files, the newest first, against the checksums taken when they were written; leaves
  // out what would make more than `most` bytes.
  Status verifyFiles(std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) const;

  WriteSet begin() const;
  enum class Durability {
    Synced,
    Buffered
  };  // Buffered: by the next synced write; survives the process, not a power cut
  Status write(WriteSet&& rows, Durability durability = Durability::Synced);

  // Entries acknowledged when the store was opened, and the writer's word that there are more (head.h).
  std::uint64_t acknowledgedSize() const;
  void acknowledge(std::uint64_t size);

 private:
  friend class WriteSet;
  struct Rep;
  enum class Tail { Hidden, Shown };  // a commit that is not signed yet
  explicit Store(std::unique_ptr<Rep> rep);
  static Result<std::unique_ptr<Store>> look(const std::filesystem::path& directory, std::uint64_t acknowledged,
                                             std::uint64_t bound);
  static Result<std::unique_ptr<Store>> openOnce(const std::filesystem::path& directory, Tail tail);
  static Result<std::unique_ptr<Store>> openToRead(const std::filesystem::path& directory, Tail tail);
  std::unique_ptr<Rep> rep_;
};

}  // namespace pilotledger::ledger
