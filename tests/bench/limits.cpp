#include "tests/bench/limits.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <rocksdb/db.h>
#include <sodium.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "tests/bench/report.h"

namespace pilotledger::bench {
namespace {

double rate(const std::function<void()>& once, double atLeast = 0.5) {
  std::size_t n = 0;
  Stopwatch watch;
  while (watch.seconds() < atLeast) {
    for (int i = 0; i < 64; ++i) once();
    n += 64;
  }
  return static_cast<double>(n) / watch.seconds();
}

}  // namespace

double verifiesPerSecond() {
  unsigned char pk[32], sk[64], sig[64], message[200] = {1};
  crypto_sign_keypair(pk, sk);
  crypto_sign_detached(sig, nullptr, message, sizeof message, sk);
  return rate([&] {
    if (crypto_sign_verify_detached(sig, message, sizeof message, pk) != 0) std::abort();
  });
}

double signsPerSecond() {
  unsigned char pk[32], sk[64], sig[64], message[200] = {1};
  crypto_sign_keypair(pk, sk);
  return rate([&] { crypto_sign_detached(sig, nullptr, message, sizeof message, sk); });
}

double nodeHashesPerSecond() {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  unsigned char data[65] = {1}, out[32];
  EVP_DigestInit_ex(context, EVP_sha256(), nullptr);
  double perSecond = rate([&] {
    EVP_DigestInit_ex(context, nullptr, nullptr);
    EVP_DigestUpdate(context, data, sizeof data);
    EVP_DigestFinal_ex(context, out, nullptr);
  });
  EVP_MD_CTX_free(context);
  return perSecond;
}

double syncsPerSecond(const std::filesystem::path& directory) {
  std::string path = (directory / "sync").string();
  int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600);
  std::string block(4096, 'x');
  std::size_t blocks = 2048;
  for (std::size_t i = 0; i < blocks; ++i) (void)!::write(file, block.data(), block.size());
  ::fsync(file);
  std::size_t at = 0;
  double perSecond = rate(
      [&] {
        (void)!::pwrite(file, block.data(), block.size(), static_cast<off_t>(at++ % blocks * block.size()));
        ::fdatasync(file);
      },
      1.0);
  ::close(file);
  std::filesystem::remove(path);
  return perSecond;
}

double rocksBatchesPerSecond(const std::filesystem::path& directory, std::size_t events, std::size_t bytes,
                             std::size_t batches) {
  std::string path = (directory / "raw").string();
  rocksdb::Options options;
  options.create_if_missing = true;
  options.recycle_log_file_num = 4;
  options.write_buffer_size = 64u << 20;
  rocksdb::DB* raw = nullptr;
  if (!rocksdb::DB::Open(options, path, &raw).ok()) std::abort();
  std::string value(bytes, 'x');
  for (std::size_t i = 0; i < bytes; ++i) value[i] = static_cast<char>(i * 131 + i / 7);
  rocksdb::WriteOptions write;
  write.sync = true;
  std::uint64_t key = 0;
  Stopwatch watch;
  for (std::size_t b = 0; b < batches; ++b) {
    rocksdb::WriteBatch batch;
    for (std::size_t e = 0; e < events; ++e) {
      std::string name = fmt::format("{:016x}", key++);
      batch.Put(name, value);
    }
    if (!raw->Write(write, &batch).ok()) std::abort();
  }
  double perSecond = static_cast<double>(events * batches) / watch.seconds();
  delete raw;
  std::filesystem::remove_all(path);
  return perSecond;
}

double sqliteRowsPerSecond(const std::filesystem::path& directory, std::size_t rows) {
  std::string path = (directory / "plain.sqlite").string();
  sqlite3* db = nullptr;
  sqlite3_stmt* insert = nullptr;
  bool ok = sqlite3_open(path.c_str(), &db) == SQLITE_OK &&
            sqlite3_exec(db,
                         "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; CREATE TABLE "
                         "row (id INTEGER PRIMARY KEY, "
                         "a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f INTEGER, g INTEGER)",
                         nullptr, nullptr, nullptr) == SQLITE_OK &&
            sqlite3_prepare_v2(db, "INSERT INTO row VALUES (?,?,?,?,?,?,?,?)", -1, &insert, nullptr) == SQLITE_OK;
  if (!ok) std::abort();
  const char* texts[] = {"01912b8e-4c3a-7000-8000-0123456789ab", "RevenueReceived", "2026-03-15",
                         "2026-03-15T09:30:00.123Z", "330100"};
  CpuWatch watch;
  for (std::size_t i = 0; i < rows; ++i) {
    if (i % 50'000 == 0) sqlite3_exec(db, i == 0 ? "BEGIN" : "COMMIT; BEGIN", nullptr, nullptr, nullptr);
    sqlite3_bind_int64(insert, 1, static_cast<sqlite3_int64>(i));
    for (int c = 0; c < 5; ++c) sqlite3_bind_text(insert, c + 2, texts[c], -1, SQLITE_STATIC);
    sqlite3_bind_int64(insert, 7, static_cast<sqlite3_int64>(i * 7919));
    sqlite3_bind_int64(insert, 8, 2);
    if (sqlite3_step(insert) != SQLITE_DONE) std::abort();
    sqlite3_reset(insert);
  }
  sqlite3_exec(db, "COMMIT", nullptr, nullptr, nullptr);
  double perSecond = static_cast<double>(rows) / watch.seconds();
  sqlite3_finalize(insert);
  sqlite3_close(db);
  for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(path + suffix);
  return perSecond;
}

double sqliteGroupBySeconds(std::size_t rows) {
  sqlite3* db = nullptr;
  if (sqlite3_open(":memory:", &db) != SQLITE_OK) std::abort();
  auto run = [&](const std::string& sql) {
    if (sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
  };
  run("CREATE TABLE posting (platform TEXT, month TEXT, stream TEXT, currency TEXT, amount INTEGER)");
  run(
      fmt::format("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {}) INSERT INTO posting "
                  "SELECT 'P' || (i % 20), '2026-' || printf('%02d', i / 7 % 12 + 1), CASE i % 3 WHEN 0 THEN 'SERVICE' "
                  "WHEN 1 THEN 'INCUBATION' "
                  "ELSE 'TECHNOLOGY_SALES' END, 'CNY', i % 100000 FROM n",
                  rows - 1));
  double best = 1e9;
  for (int i = 0; i < 3; ++i) {
    Stopwatch watch;
    run("SELECT platform, month, stream, currency, sum(amount), count(*) FROM posting GROUP BY platform, month, "
        "stream, currency ORDER BY platform, month, stream");
    best = std::min(best, watch.seconds());
  }
  sqlite3_close(db);
  return best;
}

}  // namespace pilotledger::bench
