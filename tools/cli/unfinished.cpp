#include "tools/cli/unfinished.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pilotledger::cli {
namespace {

namespace fs = std::filesystem;
constexpr const char* kFolder = ".init-unfinished";
constexpr const char* kLog = "log";

Error failure(const fs::path& path, const std::string& why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot make a ledger: {}", path.string(), why),
                   fmt::format("{}：无法建立账本：{}", path.string(), why));
}

Status sync(const fs::path& directory) {
  int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool good = file >= 0 && ::fsync(file) == 0;
  int why = errno;
  if (file >= 0) ::close(file);
  if (good) return {};
  return failure(directory, std::strerror(why));
}

// Locked, and still the directory of that name: the one before may have finished in between.
bool isStill(const fs::path& path, int file) {
  struct stat named {
  }, held{};
  return ::stat(path.c_str(), &named) == 0 && ::fstat(file, &held) == 0 && named.st_ino == held.st_ino &&
         named.st_dev == held.st_dev;
}

Result<int> lockFolder(const fs::path& path) {
  while (true) {
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return failure(path, std::strerror(errno));
    int file = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0 && errno != ENOENT) return failure(path, std::strerror(errno));
    if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) != 0) {
      ::close(file);
      return makeError(ErrorCode::Unavailable,
                       fmt::format("{}: another process is making a ledger here", path.parent_path().string()),
                       fmt::format("{}：另一进程正在此处建立账本", path.parent_path().string()));
    }
    if (file >= 0 && isStill(path, file)) return file;
    if (file >= 0) ::close(file);
  }
}

bool holdsOnly(const fs::path& directory, const char* name, std::error_code& failed) {
  for (fs::directory_iterator at(directory, failed), end; !failed && at != end; at.increment(failed)) {
    if (at->path().filename() != name) return false;
  }
  return !failed;
}

// Every file gets a second name below `to`, those in folders too; the store is moved by itself.
void linkBelow(const fs::path& from, const fs::path& to, std::error_code& failed) {
  for (fs::directory_iterator at(from, failed), end; !failed && at != end; at.increment(failed)) {
    const fs::path other = to / at->path().filename();
    if (at->path().filename() == kLog) continue;
    if (at->is_directory(failed)) {
      fs::create_directory(other, at->path(), failed);  // with its mode
      if (!failed) linkBelow(at->path(), other, failed);
    } else if (!failed) {
      fs::create_hard_link(at->path(), other, failed);
    }
    if (failed) return;
  }
}

// Takes back those that are the same file as one here, and folders that are empty then.
void unlinkBelow(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  for (fs::directory_iterator at(from, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const fs::path other = to / at->path().filename();
    std::error_code absent;
    if (at->path().filename() == kLog) continue;
    if (at->is_directory(absent)) unlinkBelow(at->path(), other);
    if (at->is_directory(absent) || fs::equivalent(at->path(), other, absent)) fs::remove(other, absent);
  }
}

}  // namespace

fs::path UnfinishedLedger::path() const { return target_ / kFolder; }

Result<UnfinishedLedger> UnfinishedLedger::begin(const fs::path& target) {
  std::error_code failed;
  bool made = fs::create_directories(target, failed);
  if (made && !failed) fs::permissions(target, fs::perms::owner_all, failed);  // what is in clear is nobody else's
  if (failed) return failure(target, failed.message());
  auto notEmpty = [&] {
    return makeError(ErrorCode::Conflict,
                     fmt::format("{}: not empty; a ledger is made in an empty directory", target.string()),
                     fmt::format("{}：目录非空，账本须建在空目录中", target.string()));
  };
  if (!made && !fs::is_empty(target, failed) && !failed && !fs::exists(target / kFolder, failed)) return notEmpty();
  if (failed) return failure(target, failed.message());
  PL_TRY(int lock, lockFolder(target / kFolder));
  UnfinishedLedger unfinished(target, made, lock);
  unfinished.undo();
  if (!holdsOnly(target, kFolder, failed)) return failed ? failure(target, failed.message()) : notEmpty();
  return unfinished;
}

Status UnfinishedLedger::finish() {
  std::error_code failed;
  linkBelow(path(), target_, failed);
  if (failed) return failure(target_, failed.message());
  PL_CHECK(sync(target_));
  fs::rename(path() / kLog, target_ / kLog, failed);
  if (failed) return failure(target_, failed.message());
  return sync(target_);
}

void UnfinishedLedger::tidy(const fs::path& target) {
  std::error_code ignored;
  if (fs::exists(target / kLog, ignored)) fs::remove_all(target / kFolder, ignored);
}

// A file of the target that is the same as one here was put there by finish(); without `log` it did not finish.
void UnfinishedLedger::undo() const {
  std::error_code ignored;
  bool finished = fs::exists(target_ / kLog, ignored);
  if (!finished) unlinkBelow(path(), target_);
  for (fs::directory_iterator at(path(), ignored), end; !ignored && at != end; at.increment(ignored))
    fs::remove_all(at->path(), ignored);
}

UnfinishedLedger::~UnfinishedLedger() {
  if (lock_ < 0) return;
  undo();
  ::rmdir(path().c_str());
  if (madeTarget_) ::rmdir(target_.c_str());  // fails where a ledger is in it
  ::close(lock_);
}

}  // namespace pilotledger::cli
