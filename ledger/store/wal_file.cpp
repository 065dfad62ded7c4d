#include "ledger/store/wal_file.h"

#include <rocksdb/file_checksum.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>

namespace pilotledger::ledger {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t kBlock = 32768;
constexpr std::size_t kHeader = 7;

std::uint32_t maskedChecksum(std::string_view bytes) {
  auto generator = rocksdb::GetFileChecksumGenCrc32cFactory()->CreateFileChecksumGenerator({});
  generator->Update(bytes.data(), bytes.size());
  generator->Finalize();
  std::string value = generator->GetChecksum();  // big-endian
  std::uint32_t crc = 0;
  for (char byte : value) crc = crc << 8 | static_cast<unsigned char>(byte);
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

// Bytes of the record that stands at `at`, whatever its type; nullopt when none does.
std::optional<std::size_t> recordAt(std::string_view file, std::size_t at) {
  std::size_t room = std::min(kBlock - at % kBlock, file.size() - at);
  if (room < kHeader) return std::nullopt;
  auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(file[at + i])); };
  std::size_t length = byte(4) | byte(5) << 8;
  if (byte(6) < 1 || byte(6) > 4 || kHeader + length > room) return std::nullopt;
  std::uint32_t stored = byte(0) | byte(1) << 8 | byte(2) << 16 | byte(3) << 24;
  if (maskedChecksum(file.substr(at + 6, 1 + length)) != stored) return std::nullopt;
  return kHeader + length;
}

bool begins(std::string_view file, std::size_t at) { return file[at + 6] == 1 || file[at + 6] == 2; }

// Counts up to two.
int recordsBehind(std::string_view file, std::size_t from) {
  int found = 0;
  for (std::size_t at = from; at + kHeader <= file.size() && found < 2;) {
    auto length = recordAt(file, at);
    if (length && begins(file, at)) ++found;
    at += length.value_or(1);
  }
  return found;
}

// From the block in which `from` lies, so that offsets within blocks are those of the file.
Result<std::string> tailOf(const fs::path& path, std::uint64_t from) {
  std::ifstream stream(path, std::ios::binary);
  stream.seekg(static_cast<std::streamoff>(from / kBlock * kBlock));
  std::string bytes{std::istreambuf_iterator<char>(stream), {}};
  if (stream.bad() || !stream.is_open())
    return makeError(ErrorCode::Corruption, path.string() + ": cannot be read", path.string() + "：无法读取");
  return bytes;
}

Result<bool> hasRecordsBehind(const fs::path& path, std::uint64_t end) {
  PL_TRY(std::string bytes, tailOf(path, end));
  std::size_t from = std::min<std::size_t>(end % kBlock, bytes.size());
  if (bytes.find_first_not_of('\0', from) == std::string::npos) return false;
  if (kBlock - from % kBlock < kHeader) from += kBlock - from % kBlock;
  if (from >= bytes.size() || recordAt(bytes, from)) return false;  // written since
  return recordsBehind(bytes, from + 1) >= 2;
}

std::map<std::uint64_t, fs::path> logFiles(const fs::path& directory) {
  std::map<std::uint64_t, fs::path> files;
  std::error_code failed;
  for (fs::directory_iterator file(directory, failed), last; !failed && file != last; file.increment(failed)) {
    std::string stem = file->path().stem().string();
    std::uint64_t number = 0;
    auto [end, error] = std::from_chars(stem.data(), stem.data() + stem.size(), number);
    if (file->path().extension() == ".log" && error == std::errc() && end == stem.data() + stem.size())
      files.emplace(number, file->path());
  }
  return files;
}

}  // namespace

std::uint64_t walRecordEnd(std::uint64_t at, std::size_t bytes) {
  while (true) {
    std::size_t room = kBlock - at % kBlock;
    if (room < kHeader) {
      at += room;
      room = kBlock;
    }
    std::size_t piece = std::min(bytes, room - kHeader);
    at += kHeader + piece;
    bytes -= piece;
    if (bytes == 0) return at;
  }
}

Result<std::string> fileWithRecordsBehind(const fs::path& directory,
                                          const std::map<std::uint64_t, std::uint64_t>& ends) {
  for (const auto& [number, path] : logFiles(directory)) {
    if (ends.empty() || number < ends.begin()->first) continue;
    auto end = ends.find(number);
    PL_TRY(bool damaged, hasRecordsBehind(path, end == ends.end() ? 0 : end->second));
    if (damaged) return path.string();
  }
  return std::string();
}

}  // namespace pilotledger::ledger
