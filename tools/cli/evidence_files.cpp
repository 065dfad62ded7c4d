#include "tools/cli/evidence_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "ledger/crypto/encoding.h"
#include "ledger/crypto/suite.h"

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;

Error unreadable(const std::string& path) {
  return makeError(ErrorCode::NotFound, fmt::format("{}: cannot be read", path), fmt::format("{}：无法读取", path));
}

// By both suites: evidence of an SM ledger is committed by SM3.
Result<query::PresentedFile> hashed(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return unreadable(path);
  crypto::Hasher sha(crypto::SuiteId::Ed25519Sha256), sm(crypto::SuiteId::Sm2Sm3);
  std::array<char, 1 << 16> buffer;
  while (file) {
    file.read(buffer.data(), buffer.size());
    std::string_view part(buffer.data(), static_cast<std::size_t>(file.gcount()));
    sha.add(part);
    sm.add(part);
  }
  if (!file.eof()) return unreadable(path);
  return query::PresentedFile{path, {crypto::toHex(sha.finish()), crypto::toHex(sm.finish())}};
}

Status addManifest(const std::string& path, std::vector<query::PresentedFile>& files) {
  std::ifstream manifest(path);
  if (!manifest) return unreadable(path);
  std::size_t number = 0;
  for (std::string line; std::getline(manifest, line);) {
    ++number;
    if (line.empty()) continue;
    std::string hash = line.substr(0, 64);
    std::size_t name = line.find_first_not_of(" *", std::min<std::size_t>(64, line.size()));
    bool hex = hash.size() == 64 && hash.find_first_not_of("0123456789abcdef") == hash.npos;
    if (!hex || line.size() <= 65 || line[64] != ' ' || name == line.npos) {
      return invalidInput(
          fmt::format("{} line {}: expected 64 lower-case hex digits, two blanks and a path", path, number),
          fmt::format("{} 第 {} 行：应为 64 位小写十六进制哈希、两个空格和路径", path, number));
    }
    files.push_back({line.substr(name), {hash}});
  }
  return {};
}

}  // namespace

Result<std::vector<query::PresentedFile>> presentedFiles(const std::vector<std::string>& paths,
                                                         const std::vector<std::string>& manifests) {
  std::vector<query::PresentedFile> files;
  for (const std::string& path : paths) {
    std::vector<std::string> below;
    std::error_code failure;
    if (fs::is_directory(path, failure)) {
      for (fs::recursive_directory_iterator at(path, failure), end; !failure && at != end; at.increment(failure)) {
        if (at->is_regular_file(failure)) below.push_back(at->path().string());
      }
      if (failure) return unreadable(path);
      std::sort(below.begin(), below.end());
    } else {
      below.push_back(path);
    }
    for (const std::string& one : below) {
      PL_TRY(query::PresentedFile file, hashed(one));
      files.push_back(std::move(file));
    }
  }
  for (const std::string& path : manifests) PL_CHECK(addManifest(path, files));
  return files;
}

}  // namespace pilotledger::cli
