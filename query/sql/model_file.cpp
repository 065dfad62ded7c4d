#include "query/sql/model_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

namespace pilotledger::query {
namespace {

namespace fs = std::filesystem;
constexpr auto kLookAgain = std::chrono::milliseconds(20);
constexpr const char* kJournals[] = {"-wal", "-shm", "-journal"};  // SQLite's own, which say what the file says

Error failure(const fs::path& path, const std::string& why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", path.string(), why),
                   fmt::format("{}：{}", path.string(), why));
}

// Of a file: nobody but its owner writes it, and its owner is us. What is not there is nobody else's.
bool isOwn(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return errno == ENOENT;
  return S_ISREG(info.st_mode) && info.st_uid == ::geteuid() && (info.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

Status sync(const fs::path& path) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool good = file >= 0 && ::fsync(file) == 0;
  int why = errno;
  if (file >= 0) ::close(file);
  if (good) return {};
  return failure(path, std::strerror(why));
}

}  // namespace

ModelFile::~ModelFile() { endTurn(); }

fs::path ModelFile::directory() const { return path_.has_parent_path() ? path_.parent_path() : fs::path("."); }

bool ModelFile::mayBeKept() const {
  struct stat info {};
  std::string directory = this->directory().string();
  if (::access(directory.c_str(), W_OK) != 0 || ::stat(directory.c_str(), &info) != 0) return false;
  return info.st_uid == ::geteuid() || isOwn(path_);
}

bool ModelFile::isOurs() const {
  std::error_code ignored;
  if (!fs::exists(path_, ignored) || !isOwn(path_)) return false;
  for (const char* suffix : kJournals) {
    if (!isOwn(beside(suffix))) return false;
  }
  return true;
}

Status ModelFile::takeTurn(std::chrono::milliseconds patience) {
  fs::path path = beside(".lock");
  lock_ = ::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) return failure(path, std::strerror(errno));
  auto until = std::chrono::steady_clock::now() + patience;
  while (::flock(lock_, LOCK_EX | LOCK_NB) != 0) {
    int why = errno;
    if (why == EWOULDBLOCK && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(kLookAgain);
      continue;
    }
    ::close(std::exchange(lock_, -1));
    if (why != EWOULDBLOCK) return failure(path, std::strerror(why));
    return makeError(
        ErrorCode::Unavailable,
        fmt::format(
            "{}: another process is still bringing this read model up to date; ask again later, or with --fresh",
            path_.string()),
        fmt::format("{}：另一进程仍在更新该读模型；请稍后再试，或使用 --fresh", path_.string()));
  }
  removeNew();
  return {};
}

Status ModelFile::install() {
  PL_CHECK(sync(newPath()));
  // The old file first: without its journals it may say anything.
  std::error_code failed;
  fs::remove(path_, failed);
  for (const char* suffix : kJournals) {
    if (!failed) fs::remove(beside(suffix), failed);
  }
  if (!failed) fs::rename(newPath(), path_, failed);
  if (failed) return failure(path_, failed.message());
  return sync(directory());
}

void ModelFile::endTurn() {
  if (lock_ < 0) return;
  removeNew();
  ::close(std::exchange(lock_, -1));
}

void ModelFile::removeNew() const {
  std::error_code ignored;
  fs::remove(newPath(), ignored);
  for (const char* suffix : kJournals) fs::remove(newPath() += suffix, ignored);
}

}  // namespace pilotledger::query
