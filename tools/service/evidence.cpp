#include "tools/service/evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "events/base/text.h"
#include "events/base/whole_file.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/private_file.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::service {
namespace {

namespace fs = std::filesystem;

// The bytes have that hash by one of the suites.
class HashCheck {
 public:
  void add(std::string_view piece) {
    sha_.add(piece);
    sm_.add(piece);
  }
  bool is(std::string_view hash) { return crypto::toHex(sha_.finish()) == hash || crypto::toHex(sm_.finish()) == hash; }

 private:
  crypto::Hasher sha_{crypto::SuiteId::Ed25519Sha256};
  crypto::Hasher sm_{crypto::SuiteId::Sm2Sm3};
};

Error cannotUse(const fs::path& path, const std::string& why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", path.string(), why),
                   fmt::format("{}：{}", path.string(), why));
}

constexpr std::string_view kPartiesEnding = ".parties";
constexpr std::string_view kPartiesTitle = "pilotledger-evidence-parties/v1";
constexpr std::size_t kMostPartiesBytes = 1u << 20;

std::string partiesText(const std::string& hash, const std::set<std::string>& parties) {
  return fmt::format("{}\n{}\n{}\n", kPartiesTitle, hash, fmt::join(parties, "\n"));
}

// Absent when it is not what partiesText() writes.
std::optional<std::set<std::string>> readParties(const std::string& hash, std::string_view text) {
  std::set<std::string> parties;
  std::size_t line = 0;
  for (std::size_t at = 0, end = 0; (end = text.find('\n', at)) != text.npos; at = end + 1) {
    if (++line > 2) parties.emplace(text.substr(at, end - at));
  }
  if (parties.empty() || parties.contains("") || partiesText(hash, parties) != text) return std::nullopt;
  return parties;
}

struct Magic {
  std::string_view begins;
  std::string_view type;
};
constexpr std::array<Magic, 6> kMagic = {{
    {"%PDF-", "application/pdf"},
    {"\x89PNG\r\n\x1a\n", "image/png"},
    {"\xff\xd8\xff", "image/jpeg"},
    {"PK\x03\x04", "application/zip"},
    {"<?xml", "application/xml"},
    {"\xef\xbb\xbf<?xml", "application/xml"},
}};

}  // namespace

bool isEvidenceHash(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

bool isEvidenceFile(std::string_view name) {
  if (name.ends_with(kPartiesEnding)) name.remove_suffix(kPartiesEnding.size());
  return isEvidenceHash(name);
}

std::string_view sniffedType(std::string_view bytes) {
  for (const Magic& magic : kMagic) {
    if (bytes.starts_with(magic.begins)) return magic.type;
  }
  std::string text(bytes);
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\r' || c == '\t'; }, ' ');
  return !text.empty() && events::checkText(text).ok() ? "text/plain; charset=utf-8" : "application/octet-stream";
}

Result<std::unique_ptr<EvidenceFiles>> EvidenceFiles::open(const fs::path& ledgerDirectory, std::uint64_t mostBytes) {
  const fs::path directory = ledgerDirectory / kEvidenceDirectory;
  std::error_code failure;
  fs::create_directory(directory, failure);
  if (!failure) fs::permissions(directory, fs::perms::owner_all, failure);
  if (failure) return cannotUse(directory, failure.message());
  std::unique_ptr<EvidenceFiles> files(new EvidenceFiles(directory, mostBytes));
  for (const auto& entry : fs::directory_iterator(directory, failure)) {
    bool counts = isEvidenceHash(entry.path().filename().string()) && entry.is_regular_file(failure);
    if (counts) files->bytes_ += entry.file_size(failure);
  }
  if (failure) return cannotUse(directory, failure.message());
  return files;
}

Result<EvidenceFiles::Kept> EvidenceFiles::put(const std::string& hash, std::string_view bytes,
                                               const std::string& party) {
  PL_ASSERT(isEvidenceHash(hash));
  HashCheck check;
  check.add(bytes);
  if (!check.is(hash))
    return invalidInput(fmt::format("the file does not have the hash {}; nothing is kept", hash),
                        fmt::format("文件的哈希不是 {}，未保存", hash));
  std::lock_guard lock(mutex_);
  // The file first: who put it is said of nothing but what is there.
  PL_TRY(Kept kept, keep(hash, bytes));
  PL_CHECK(addParty(hash, party));
  return kept;
}

Result<EvidenceFiles::Kept> EvidenceFiles::keep(const std::string& hash, std::string_view bytes) {
  // One that was altered is put right by the file itself.
  const bool there = has(hash);
  if (there && read(hash, [](std::string_view) { return Status(); }).ok()) return Kept::Already;
  std::error_code failure;
  const std::uint64_t before = there ? fs::file_size(directory_ / hash, failure) : 0;
  if (bytes_ - std::min(bytes_, before) + bytes.size() > mostBytes_)
    return makeError(ErrorCode::Unavailable,
                     fmt::format("there is no room for it: {} of {} bytes of evidence are kept", bytes_, mostBytes_),
                     fmt::format("证据空间不足：已用 {} 字节，上限 {} 字节", bytes_, mostBytes_));
  PL_CHECK(writeWholeFile(directory_ / hash, bytes, {.mode = 0600}));
  bytes_ = bytes_ - std::min(bytes_, before) + bytes.size();
  return Kept::New;
}

fs::path EvidenceFiles::partiesFile(const std::string& hash) const {
  return directory_ / (hash + std::string(kPartiesEnding));
}

Status EvidenceFiles::addParty(const std::string& hash, const std::string& party) const {
  PL_TRY(std::optional<std::set<std::string>> known, parties(hash));
  std::set<std::string> all = known ? std::move(*known) : std::set<std::string>();
  if (!all.insert(party).second) return {};
  const std::string text = partiesText(hash, all);
  if (text.size() > kMostPartiesBytes) return cannotUse(partiesFile(hash), "too many parties have put the file");
  return writeWholeFile(partiesFile(hash), text, {.mode = 0600});
}

Result<std::optional<std::set<std::string>>> EvidenceFiles::parties(const std::string& hash) const {
  PL_ASSERT(isEvidenceHash(hash));
  const fs::path path = partiesFile(hash);
  std::error_code failure;
  if (!fs::exists(fs::symlink_status(path, failure))) return std::optional<std::set<std::string>>();
  PL_TRY(std::string text, crypto::readPrivateFile(path, kMostPartiesBytes));
  std::optional<std::set<std::string>> parties = readParties(hash, text);
  if (parties) return parties;
  return makeError(
      ErrorCode::Corruption,
      fmt::format("who put the file {} was altered here; put {} back from a backup, or move it away: the file "
                  "must then be put anew",
                  hash, path.filename().string()),
      fmt::format("文件 {} 的上传方记录已被改动；请从备份恢复 {}，或移走该记录并重新上传文件", hash,
                  path.filename().string()));
}

Status EvidenceFiles::read(const std::string& hash, const std::function<Status(std::string_view)>& take) const {
  PL_ASSERT(isEvidenceHash(hash));
  if (!has(hash))
    return makeError(ErrorCode::NotFound,
                     fmt::format("the file {} is committed to, and nobody has put it here; ask who recorded it", hash),
                     fmt::format("文件 {} 已在账本存证，但尚未上传；请向记录方索取", hash));
  const fs::path path = directory_ / hash;
  std::ifstream file(path, std::ios::binary);
  if (!file) return cannotUse(path, "cannot be read");
  HashCheck check;
  std::vector<char> buffer(1u << 16);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) {
    const std::string_view piece(buffer.data(), static_cast<std::size_t>(file.gcount()));
    check.add(piece);
    PL_CHECK(take(piece));
  }
  if (check.is(hash)) return {};
  return makeError(ErrorCode::Corruption,
                   fmt::format("the file {} was altered here: it does not have its hash any more; put it anew, or put "
                               "it back from a backup",
                               hash),
                   fmt::format("文件 {} 已被改动，与其哈希不符；请重新上传或从备份恢复", hash));
}

bool EvidenceFiles::has(const std::string& hash) const {
  std::error_code failure;
  return fs::is_regular_file(directory_ / hash, failure);
}

std::uint64_t EvidenceFiles::bytes() const {
  std::lock_guard lock(mutex_);
  return bytes_;
}

}  // namespace pilotledger::service
