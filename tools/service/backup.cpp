#include "tools/service/backup.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>
#include <vector>

#include "events/base/whole_file.h"
#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"
#include "ledger/ledger.h"
#include "query/sql/sqlite.h"
#include "tools/service/evidence.h"
#include "tools/service/json_members.h"

namespace pilotledger::service {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFiles = "files";
constexpr const char* kManifest = "manifest.json";
constexpr const char* kFormat = "pilotledger/backup/v1";
constexpr int kTries = 20;  // a writer that compacts takes files away while they are copied

Error cannot(const fs::path& path, const std::string& why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", path.string(), why),
                   fmt::format("{}：{}", path.string(), why));
}

Error damaged(const std::string& file, std::string_view en, std::string_view zh) {
  return makeError(ErrorCode::Corruption, fmt::format("{}: {}", file, en), fmt::format("{}：{}", file, zh));
}

// What a backup holds of a ledger's directory, beside log/. `head` goes first: what it acknowledges is in the rest.
std::vector<std::string> sideFiles(const fs::path& directory, SigningKeys keys) {
  std::vector<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(directory, failure)) {
    std::string name = entry.path().filename().string();
    bool model = name.starts_with("views.sqlite") || name == "writer.lock";
    bool signing = name.ends_with(".pem");
    bool journal = name.ends_with(".sqlite-journal");            // of what copyDatabase() copies without one
    bool ofNode = name == "node.pem" || name == "cluster.toml";  // a key that is put back would sign a second history
    if (!entry.is_regular_file(failure) || model || journal || ofNode || name == "head") continue;
    if (signing && keys == SigningKeys::LeftOut) continue;
    names.push_back(name);
  }
  return names;
}

Status copyFile(const fs::path& from, const fs::path& to) {
  std::error_code failure;
  fs::copy_file(from, to, failure);
  return failure ? Status(cannot(from, failure.message())) : Status();
}

Result<std::string> hashOfFile(const fs::path& file, std::uint64_t& bytes) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return cannot(file, "cannot be read");
  crypto::Hasher hasher(crypto::SuiteId::Ed25519Sha256);
  std::vector<char> buffer(1u << 20);
  bytes = 0;
  while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0) {
    hasher.add(std::string_view(buffer.data(), static_cast<std::size_t>(in.gcount())));
    bytes += static_cast<std::uint64_t>(in.gcount());
  }
  Digest digest = hasher.finish();
  return crypto::toHex(digest);
}

// Tables never change, so one of the backup before is as good, when it has the same bytes now; on another file system,
// or when it has not, the table is copied.
Status copyTable(const fs::path& table, const fs::path& to, const fs::path& before, std::uint64_t& shared) {
  std::error_code none;
  if (!before.empty() && fs::is_regular_file(fs::symlink_status(before, none))) {
    std::uint64_t bytes = 0;
    auto mine = hashOfFile(table, bytes), theirs = hashOfFile(before, bytes);
    if (mine.ok() && theirs.ok() && *mine == *theirs) {
      fs::create_hard_link(before, to, none);
      if (!none) {
        shared += bytes;
        return {};
      }
    }
  }
  return copyFile(table, to);
}

// Files never change, and who put one only grows; what comes while they are copied may be left out.
Status copyEvidence(const fs::path& directory, const fs::path& files) {
  std::error_code failure;
  if (!fs::is_directory(directory, failure)) return {};
  fs::create_directories(files, failure);
  for (const auto& entry : fs::directory_iterator(directory, failure)) {
    const std::string name = entry.path().filename().string();
    if (isEvidenceFile(name)) PL_CHECK(copyFile(entry.path(), files / name));
  }
  return failure ? Status(cannot(directory, failure.message())) : Status();
}

// While nobody changes it: a transaction that reads keeps writers out. What is no database (any more) is copied as it
// is, for whoever repairs it.
Status copyDatabase(const fs::path& from, const fs::path& to) {
  auto database = query::openSqlite(from);
  Result<bool> held = database.ok() ? database->keepSnapshot() : Result<bool>(database.error());
  if (!held.ok() && held.error().code == ErrorCode::Unavailable) return std::move(held).error();
  return copyFile(from, to);
}

// As a crash would leave it: the store's files never change but at their end.
Status copyLedger(const fs::path& directory, const fs::path& files, SigningKeys keys, const fs::path& since,
                  std::uint64_t& shared) {
  std::error_code failure;
  shared = 0;
  fs::remove_all(files, failure);
  fs::create_directories(files / "log", failure);
  if (failure) return cannot(files, failure.message());
  PL_CHECK(copyFile(directory / "head", files / "head"));
  // Tables last: those that the manifest names are there before it does.
  std::vector<fs::path> late;
  for (const auto& entry : fs::directory_iterator(directory / "log", failure)) {
    std::string name = entry.path().filename().string();
    if (name == "LOCK" || name.starts_with("LOG")) continue;
    if (name.ends_with(".sst")) {
      late.push_back(entry.path());
    } else {
      PL_CHECK(copyFile(entry.path(), files / "log" / name));
    }
  }
  for (const fs::path& table : late) {
    fs::path before = since.empty() ? since : since / kFiles / "log" / table.filename();
    PL_CHECK(copyTable(table, files / "log" / table.filename(), before, shared));
  }
  for (const std::string& name : sideFiles(directory, keys))
    PL_CHECK(name.ends_with(".sqlite") ? copyDatabase(directory / name, files / name)
                                       : copyFile(directory / name, files / name));
  PL_CHECK(copyEvidence(directory / kEvidenceDirectory, files / kEvidenceDirectory));
  return {};
}

// Opening it holds the acknowledged size and the newest checkpoint's root to the entries.
Result<BackupReport> openedCopy(const fs::path& files) {
  PL_TRY(auto ledger, ledger::Ledger::open(files, ledger::OpenMode::ReadOnly));
  return BackupReport{ledger->size(), 0, 0, 0, ledger->checkpoint()};
}

// Files and directories alone: a link could lead anywhere.
Result<std::set<std::string>> filesBelow(const fs::path& directory) {
  std::set<std::string> names;
  std::error_code failure;
  for (const auto& entry : fs::recursive_directory_iterator(directory, failure)) {
    std::string name = entry.path().lexically_relative(directory).string();
    fs::file_type type = entry.symlink_status().type();
    if (type == fs::file_type::regular) names.insert(std::move(name));
    else if (type != fs::file_type::directory)
      return damaged(name, "is neither a file nor a directory", "既非文件也非目录");
  }
  if (failure) return cannot(directory, failure.message());
  return names;
}

Status writeManifest(const fs::path& target, BackupReport& report) {
  Json json = {{"format", kFormat}, {"entries", report.entries}, {"checkpoint", report.checkpoint}};
  json["files"] = Json::object();
  PL_TRY(auto names, filesBelow(target / kFiles));
  for (const std::string& name : names) {
    std::uint64_t bytes = 0;
    PL_TRY(std::string hash, hashOfFile(target / kFiles / name, bytes));
    json["files"][name] = {{"bytes", bytes}, {"sha256", hash}};
    report.files += 1;
    report.bytes += bytes;
  }
  return writeWholeFile(target / kManifest, json.dump(1) + "\n", {.mode = 0600});
}

Result<Json> readManifest(const fs::path& backup) {
  std::ifstream in(backup / kManifest, std::ios::binary);
  if (!in) return makeError(ErrorCode::NotFound, backup.string() + ": no backup", backup.string() + "：没有备份");
  Json json = Json::parse(in, nullptr, false);
  bool good = textOf(json, "format") == kFormat && memberOf(json, "files").is_object() &&
              memberOf(json, "entries").is_number_unsigned() && !textOf(json, "checkpoint").empty();
  for (const char* name : {"head", "log/CURRENT"}) good = good && json["files"].contains(name);
  if (!good) return damaged(kManifest, "not a manifest of a backup", "不是备份清单");
  return json;
}

Status makeOwnFolder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (!failure) fs::permissions(folder, fs::perms::owner_all, failure);
  return failure ? Status(cannot(folder, failure.message())) : Status();
}

}  // namespace

Result<BackupReport> makeBackup(const Site& site, const fs::path& target, SigningKeys keys, const fs::path& since) {
  std::error_code failure;
  std::uint64_t shared = 0;
  if (!since.empty()) {
    PL_TRY([[maybe_unused]] Json before, readManifest(since));
  }
  fs::path inside =
      fs::weakly_canonical(target, failure).lexically_relative(fs::weakly_canonical(site.ledgerDirectory, failure));
  if (!inside.empty() && *inside.begin() != "..") {
    return makeError(ErrorCode::Conflict,
                     target.string() + ": lies in the ledger's own directory; what takes the one takes both",
                     target.string() + "：位于账本目录之内，备份应另存他处");
  }
  if (fs::exists(target, failure) && !fs::is_empty(target, failure)) {
    return makeError(ErrorCode::Conflict, target.string() + ": not empty; a backup is made in an empty directory",
                     target.string() + "：目录非空，备份须建在空目录中");
  }
  bool made = fs::create_directories(target, failure);
  fs::permissions(target, fs::perms::owner_all, failure);
  Result<BackupReport> report = cannot(target, "no consistent copy was got");
  for (int tried = 0; tried < kTries; ++tried) {
    Status copied = copyLedger(site.ledgerDirectory, target / kFiles, keys, since, shared);
    report = copied.ok() ? openedCopy(target / kFiles) : Result<BackupReport>(copied.error());
    if (report.ok()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  Status written = report.ok() ? writeManifest(target, *report) : Status(report.error());
  if (written.ok()) {
    report->shared = shared;
    return report;
  }
  fs::remove_all(target / kFiles, failure);
  if (made) fs::remove(target, failure);
  return std::move(written).error();
}

Result<BackupReport> verifyBackup(const fs::path& backup) {
  PL_TRY(Json manifest, readManifest(backup));
  BackupReport report{manifest["entries"], 0, 0, 0, manifest["checkpoint"]};
  PL_TRY(auto there, filesBelow(backup / kFiles));
  for (const auto& [name, said] : manifest["files"].items()) {
    if (there.erase(name) == 0) return damaged(name, "is missing from the backup", "备份中缺失");
    std::uint64_t bytes = 0;
    PL_TRY(std::string hash, hashOfFile(backup / kFiles / name, bytes));
    if (textOf(said, "sha256") != hash)
      return damaged(name, "does not have the bytes that the manifest says", "内容与清单不符");
    report.files += 1;
    report.bytes += bytes;
  }
  if (!there.empty()) return damaged(*there.begin(), "is not in the manifest", "清单未载该文件");
  PL_TRY(BackupReport opened, openedCopy(backup / kFiles));
  if (opened.entries != report.entries || opened.checkpoint != report.checkpoint)
    return damaged(kManifest, "its checkpoint is not that of the files", "其检查点与文件不符");
  return report;
}

Status copyBackup(const fs::path& backup, const fs::path& directory) {
  PL_TRY(Json manifest, readManifest(backup));
  for (const fs::path& made : {directory, directory / "log"}) PL_CHECK(makeOwnFolder(made));
  std::error_code failure;
  for (const auto& [name, said] : manifest["files"].items()) {
    fs::path parent = fs::path(name).parent_path();
    if (!parent.empty() && parent != "log" && parent != kEvidenceDirectory)
      return damaged(name, "is no file of a ledger", "不是账本的文件");
    if (parent == kEvidenceDirectory) PL_CHECK(makeOwnFolder(directory / parent));
    PL_CHECK(copyFile(backup / kFiles / name, directory / name));
    fs::permissions(directory / name, fs::perms::owner_read | fs::perms::owner_write, failure);
    std::uint64_t bytes = 0;
    PL_TRY(std::string hash, hashOfFile(directory / name, bytes));
    if (failure || textOf(said, "sha256") != hash)
      return damaged(name, "changed while it was copied", "复制过程中内容改变");
  }
  return {};
}

}  // namespace pilotledger::service
