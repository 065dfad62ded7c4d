#include "events/base/temporary_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>

namespace pilotledger {
namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "pilotledger-";
constexpr const char* kMark = ".in-use";  // locked by the maker as long as it lives

Error cannotMake(const std::string& name, std::string_view why) {
  return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot make a temporary directory: {}", name, why),
                   fmt::format("{}：无法建立临时目录：{}", name, why));
}

// The mark of a directory that this program made, as this user; -1 for all others.
int openMark(const fs::path& directory) {
  struct stat info {};
  if (::lstat(directory.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid()) return -1;
  return ::open((directory / kMark).c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW);
}

void removeIfStale(const fs::path& directory) {
  int mark = openMark(directory);
  if (mark < 0) return;
  std::error_code ignored;
  if (::flock(mark, LOCK_EX | LOCK_NB) == 0) fs::remove_all(directory, ignored);
  ::close(mark);
}

// What programs that were killed left behind.
void removeStale(const fs::path& among) {
  std::error_code failure;
  for (fs::directory_iterator at(among, failure), end; !failure && at != end; at.increment(failure)) {
    if (at->path().filename().native().starts_with(kPrefix)) removeIfStale(at->path());
  }
}

// Those of this process, for removeAllInHandler(): what it reads is neither freed nor soon used again. More than there
// are places, and longer names, are only left to the next run.
struct Place {
  std::atomic<bool> taken{false}, shown{false};
  std::array<char, 512> path{};
};
std::array<Place, 16> places;
std::atomic<std::size_t> nextPlace{0};

void enter(const std::string& path) {
  if (path.size() >= places[0].path.size()) return;
  for (std::size_t i = 0; i < places.size(); ++i) {
    Place& place = places[nextPlace++ % places.size()];
    if (place.taken.exchange(true)) continue;
    std::memcpy(place.path.data(), path.c_str(), path.size() + 1);
    place.shown = true;
    return;
  }
}

void leave(const std::string& path) {
  for (Place& place : places) {
    if (!place.shown || path != place.path.data()) continue;
    place.shown = false;
    place.taken = false;
  }
}

// System calls only. The mark goes last: with it the next run finds what is left.
void removeFlat(const char* path) {
  alignas(dirent64) char entries[4096];
  int directory = ::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (long size; directory >= 0 && (size = ::syscall(SYS_getdents64, directory, entries, sizeof entries)) > 0;) {
    for (long at = 0; at < size; at += reinterpret_cast<dirent64*>(entries + at)->d_reclen) {
      const char* name = reinterpret_cast<dirent64*>(entries + at)->d_name;
      if (std::strcmp(name, kMark) != 0) ::unlinkat(directory, name, 0);
    }
  }
  ::unlinkat(directory, kMark, 0);
  ::rmdir(path);
}

// Locked and still there: another run may have taken it for stale before it was locked.
int markAsOurs(const fs::path& directory) {
  int mark = ::open((directory / kMark).c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  struct stat info {};
  if (mark >= 0 && ::flock(mark, LOCK_EX) == 0 && ::fstat(mark, &info) == 0 && info.st_nlink == 1) return mark;
  if (mark >= 0) ::close(mark);
  return -1;
}

}  // namespace

Result<TemporaryDirectory> TemporaryDirectory::make(std::string_view purpose) {
  std::error_code failure;
  fs::path among = fs::temp_directory_path(failure);
  if (failure) return cannotMake(std::string(purpose), "no directory for temporary files (TMPDIR)");
  removeStale(among);
  std::string name = (among / fmt::format("{}{}-XXXXXX", kPrefix, purpose)).string();
  for (int attempt = 0; attempt < 3; ++attempt) {
    std::string made = name;
    if (::mkdtemp(made.data()) == nullptr) return cannotMake(name, std::strerror(errno));
    TemporaryDirectory directory;
    directory.path_ = made;
    directory.mark_ = markAsOurs(directory.path_);
    if (directory.mark_ < 0) continue;
    enter(made);
    return directory;
  }
  return cannotMake(name, std::strerror(errno));
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) {
    leave(path_.string());
    fs::remove_all(path_, ignored);
  }
  if (mark_ >= 0) ::close(mark_);
}

void TemporaryDirectory::removeAllInHandler() {
  int before = errno;
  for (Place& place : places) {
    if (place.shown.exchange(false)) removeFlat(place.path.data());
  }
  errno = before;
}

}  // namespace pilotledger
