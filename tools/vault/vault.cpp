#include "tools/vault/vault.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/private_file.h"
#include "query/sql/sqlite.h"

namespace pilotledger::vault {
namespace {

// Deleted rows are overwritten; the one journal is kept, so that it can be overwritten too; nothing
// goes to a temporary file.
constexpr const char* kSettings =
    "PRAGMA secure_delete = ON; PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;";
constexpr const char* kTables =
    "CREATE TABLE IF NOT EXISTS number (sealed TEXT PRIMARY KEY, kind TEXT NOT NULL, number TEXT NOT NULL) WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS opening (commitment TEXT NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, value "
    "TEXT NOT NULL, "
    "salt TEXT NOT NULL, PRIMARY KEY (commitment, place)) WITHOUT ROWID;";

Status overwriteJournal(const std::filesystem::path& path) {
  std::filesystem::path journal = path;
  journal += "-journal";
  std::error_code failure;
  std::uintmax_t size = std::filesystem::file_size(journal, failure);
  if (failure) return {};
  int file = ::open(journal.c_str(), O_WRONLY | O_CLOEXEC);
  const std::vector<char> zeros(65536, 0);
  bool good = file >= 0;
  for (std::uintmax_t done = 0; good && done < size;) {
    ssize_t written =
        ::write(file, zeros.data(), static_cast<std::size_t>(std::min<std::uintmax_t>(zeros.size(), size - done)));
    good = written > 0;
    done += static_cast<std::uintmax_t>(std::max<ssize_t>(written, 0));
  }
  good = good && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (good) return {};
  return makeError(ErrorCode::Unavailable, journal.string() + ": cannot overwrite the journal; erase again",
                   journal.string() + "：无法覆写日志，请重新删除");
}

}  // namespace

Result<Vault> Vault::open(const std::filesystem::path& path) {
  PL_CHECK(crypto::requirePrivateFile(path, {"the vault", "保险库"}));
  PL_TRY(query::Database database, query::openSqlite(path));
  Status usable = database.execute(kSettings);
  if (usable.ok()) usable = database.execute(kTables);
  if (usable.ok()) return Vault(path, std::move(database));
  std::string why = " (if it was overwritten, put it back from a backup)", zh = "（若文件被覆盖，请从备份恢复）";
  return std::move(usable).error().within(path.string() + why, path.string() + zh);
}

Result<Vault> Vault::openExisting(const std::filesystem::path& path) {
  std::error_code failure;
  if (std::filesystem::exists(path, failure) || failure) return open(path);
  return makeError(
      ErrorCode::NotFound,
      fmt::format("{}: there is no vault; put it back from a backup, or name it with --vault", path.string()),
      fmt::format("{}：没有保险库；请从备份恢复，或以 --vault 指定", path.string()));
}

Status Vault::keepNumbers(std::span<const Number> numbers, std::vector<std::string>* fresh) {
  if (numbers.empty()) return {};
  PL_CHECK(database_.execute("BEGIN IMMEDIATE"));
  PL_TRY(query::Statement insert, database_.prepare("INSERT OR IGNORE INTO number VALUES (?, ?, ?) RETURNING 1"));
  for (const Number& one : numbers) {
    insert.bindText(1, one.sealed);
    insert.bindText(2, one.kind);
    insert.bindText(3, one.number);
    PL_TRY(bool added, insert.step());
    if (added && fresh != nullptr) fresh->push_back(one.sealed);
    PL_CHECK(insert.run());  // to the end
  }
  return database_.execute("COMMIT");
}

Status Vault::forgetNumbers(std::span<const std::string> sealed) {
  if (sealed.empty()) return {};
  PL_CHECK(database_.execute("BEGIN IMMEDIATE"));
  PL_TRY(query::Statement remove, database_.prepare("DELETE FROM number WHERE sealed = ?"));
  for (const std::string& one : sealed) {
    remove.bindText(1, one);
    PL_CHECK(remove.run());
  }
  return database_.execute("COMMIT");
}

Result<std::vector<Number>> Vault::numbers() {
  PL_TRY(query::Statement rows, database_.prepare("SELECT sealed, kind, number FROM number ORDER BY sealed"));
  std::vector<Number> all;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return all;
    all.push_back({rows.text(0), rows.text(1), rows.text(2)});
  }
}

Result<std::optional<Number>> Vault::number(std::string_view sealed) {
  PL_TRY(query::Statement rows, database_.prepare("SELECT sealed, kind, number FROM number WHERE sealed = ?"));
  rows.bindText(1, sealed);
  PL_TRY(bool row, rows.step());
  if (!row) return std::optional<Number>();
  return std::optional(Number{rows.text(0), rows.text(1), rows.text(2)});
}

Status Vault::keepDocument(const Digest& commitment, std::span<const proof::SaltedField> fields) {
  PL_CHECK(database_.execute("BEGIN IMMEDIATE"));
  PL_TRY(query::Statement insert, database_.prepare("INSERT INTO opening VALUES (?, ?, ?, ?, ?)"));
  std::string key = crypto::toHex(commitment);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    insert.bindText(1, key);
    insert.bindInt(2, static_cast<std::int64_t>(i));
    insert.bindText(3, fields[i].name);
    insert.bindText(4, fields[i].value);
    insert.bindText(5, crypto::toHex(fields[i].salt));
    PL_CHECK(insert.run());
  }
  return database_.execute("COMMIT");
}

Result<std::vector<proof::SaltedField>> Vault::document(const Digest& commitment) {
  PL_TRY(query::Statement rows,
         database_.prepare("SELECT name, value, salt FROM opening WHERE commitment = ? ORDER BY place"));
  rows.bindText(1, crypto::toHex(commitment));
  std::vector<proof::SaltedField> fields;
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return fields;
    PL_TRY(Bytes salt, crypto::parseHex(rows.text(2)));
    proof::SaltedField field{rows.text(0), rows.text(1), {}};
    if (salt.size() != field.salt.size())
      return makeError(ErrorCode::Corruption, path_.string() + ": a salt is damaged", path_.string() + "：盐值损坏");
    std::copy(salt.begin(), salt.end(), field.salt.begin());
    fields.push_back(std::move(field));
  }
}

Result<bool> Vault::remove(const std::string& sql, const std::string& key) {
  PL_TRY(query::Statement rows, database_.prepare(sql));
  rows.bindText(1, key);
  PL_TRY(bool row, rows.step());
  bool any = row;
  while (row) {
    PL_TRY(row, rows.step());
  }
  return any;
}

Result<bool> Vault::erase(const Digest& commitment) {
  std::string hex = crypto::toHex(commitment);
  PL_TRY(bool document, remove("DELETE FROM opening WHERE commitment = ? RETURNING 1", hex));
  PL_TRY(bool number, remove("DELETE FROM number WHERE sealed = ? RETURNING 1", "hmac:" + hex));
  PL_CHECK(database_.execute("VACUUM"));
  PL_CHECK(overwriteJournal(path_));
  return document || number;
}

}  // namespace pilotledger::vault
