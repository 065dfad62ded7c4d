// Files that events commit to by their hash, kept beside the ledger: a file a hash, in the directory `evidence` of the
// ledger's (mode 0700), written whole or not at all. The log holds the hash alone and needs none of them; what is here
// is held to its name whenever it is read. Threads: any.
//
// Anybody can name a hash in an event of his own, so a hash gives no right to the file. Beside it lies who put it,
// HASH.parties (mode 0600): the lines "pilotledger-evidence-parties/v1", the hash, and party ids in ascending order.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "events/base/result.h"

namespace pilotledger::service {

inline constexpr const char* kEvidenceDirectory = "evidence";
inline constexpr std::uint64_t kMaxEvidenceBytes = 64u << 20;

// 64 lower-case hex digits: by SHA-256, or by SM3 where the ledger's suite says so.
bool isEvidenceHash(std::string_view text);
// A file of the directory: of a hash, or who put it.
bool isEvidenceFile(std::string_view name);

// What a file is, by how it begins: application/pdf, image/png, image/jpeg, application/zip, application/xml,
// text/plain (UTF-8 without control characters), else application/octet-stream. Never by what somebody said of it.
std::string_view sniffedType(std::string_view bytes);

class EvidenceFiles {
 public:
  // Makes the directory when it is absent.
  static Result<std::unique_ptr<EvidenceFiles>> open(const std::filesystem::path& ledgerDirectory,
                                                     std::uint64_t mostBytes);

  enum class Kept { New, Already };
  // By that party, beside those that put it before. InvalidInput when the bytes do not have that hash, Unavailable when
  // there is no room left.
  Result<Kept> put(const std::string& hash, std::string_view bytes, const std::string& party);
  // Who put it. Absent when nobody did, or when a program did that kept no such record. Corruption when the record is
  // not one of that hash, NotAuthorized when others can read it.
  Result<std::optional<std::set<std::string>>> parties(const std::string& hash) const;
  // Piece by piece to `take`; NotFound when nobody has put it here. Corruption, after the last piece, when the file is
  // not what its name says: what was taken must then be thrown away.
  Status read(const std::string& hash, const std::function<Status(std::string_view piece)>& take) const;
  bool has(const std::string& hash) const;
  std::uint64_t bytes() const;  // of all of them

 private:
  EvidenceFiles(std::filesystem::path directory, std::uint64_t mostBytes)
      : directory_(std::move(directory)), mostBytes_(mostBytes) {}
  Result<Kept> keep(const std::string& hash, std::string_view bytes);
  Status addParty(const std::string& hash, const std::string& party) const;
  std::filesystem::path partiesFile(const std::string& hash) const;
  std::filesystem::path directory_;
  std::uint64_t mostBytes_;
  mutable std::mutex mutex_;  // of what is kept in all, and by whom
  std::uint64_t bytes_ = 0;
};

}  // namespace pilotledger::service
