#include "events/base/whole_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace pilotledger {
namespace fs = std::filesystem;

namespace {

Error fileError(const fs::path& path, std::string_view doing) {
  int code = errno;
  std::string why = std::strerror(code);
  if (code == EEXIST) {
    return makeError(ErrorCode::Conflict,
                     path.string() + ": is there already and is not overwritten; name another file, or move it away",
                     path.string() + "：文件已存在，不会被覆盖；请另取文件名或先移开");
  }
  return makeError(code == ENOENT || code == ENOTDIR ? ErrorCode::NotFound : ErrorCode::Unavailable,
                   fmt::format("{}: cannot {}: {}", path.string(), doing, why),
                   fmt::format("{}：无法写入：{}", path.string(), why));
}

fs::path directoryOf(const fs::path& path) { return path.has_parent_path() ? path.parent_path() : fs::path("."); }

// Opens, syncs, closes. Some file systems cannot sync a directory, and need not.
Status syncPath(const fs::path& path, int (*sync)(int)) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  bool good = file >= 0 && (sync(file) == 0 || errno == EINVAL);
  Status outcome = good ? Status() : Status(fileError(path, "sync"));
  if (file >= 0) ::close(file);
  return outcome;
}

// A name is durable when its directory is.
Status syncDirectory(const fs::path& directory) { return syncPath(directory, ::fsync); }

// Beside the target, hidden, of this process and no other file that it writes.
fs::path freshName(const fs::path& path) {
  static std::atomic<unsigned> serial = 0;
  fs::path name = directoryOf(path) / fmt::format(".{}.new-{}-{}", path.filename().string(), ::getpid(), serial++);
  ::unlink(name.c_str());  // of a process of the same number that was killed
  return name;
}

// Gives a file a name that must be free; where there are no hard links, by a rename that replaces nothing.
bool nameIt(const fs::path& source, const fs::path& target) {
  if (::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  return (errno == EPERM || errno == EOPNOTSUPP) &&
         ::renameat2(AT_FDCWD, source.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0;
}

}  // namespace

Error WholeFile::failed(std::string_view doing) const { return fileError(path_, doing); }

void WholeFile::swap(WholeFile& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fresh_, other.fresh_);
  std::swap(options_, other.options_);
  std::swap(file_, other.file_);
  std::swap(inPlace_, other.inPlace_);
  std::swap(failure_, other.failure_);
}

WholeFile::~WholeFile() {
  if (file_ >= 0) ::close(file_);
  if (!fresh_.empty()) ::unlink(fresh_.c_str());
}

Result<WholeFile> WholeFile::begin(const fs::path& path, const WholeFileOptions& options) {
  WholeFile file;
  file.options_ = options;
  std::error_code ignored;
  fs::path target = fs::weakly_canonical(path, ignored);
  file.path_ = options.ifThere == IfThere::Refuse || ignored || !path.has_filename() ? path : target;
  struct stat info {};
  bool there = ::stat(file.path_.c_str(), &info) == 0;
  if (there && options.ifThere == IfThere::Refuse) {
    errno = EEXIST;
    return file.failed("create");
  }
  if (there && !S_ISREG(info.st_mode)) {
    file.inPlace_ = true;
    file.file_ = ::open(file.path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.file_ < 0) return file.failed("write");
    return file;
  }
  PL_CHECK(file.openFresh());
  if (there && ::fchmod(file.file_, info.st_mode & 07777) != 0) return file.failed("write");
  return file;
}

// A file without a name needs /proc to get one later.
Status WholeFile::openFresh() {
  if (::access("/proc/self/fd", X_OK) == 0)
    file_ = ::open(directoryOf(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, options_.mode);
  if (file_ >= 0) return {};
  fs::path name = freshName(path_);
  file_ = ::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, options_.mode);
  if (file_ < 0) return failed("write");
  fresh_ = name;
  return {};
}

Status WholeFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(file_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return *(failure_ = failed("write"));
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return {};
}

Status WholeFile::place(const fs::path& source) {
  if (options_.ifThere == IfThere::Replace) return placeOver(source);
  if (!nameIt(source, path_)) return failed("create");
  if (!fresh_.empty()) ::unlink(fresh_.c_str());
  fresh_.clear();
  return {};
}

// Only a file with a name can be renamed over another.
Status WholeFile::placeOver(const fs::path& source) {
  if (fresh_.empty()) {
    fs::path named = freshName(path_);
    if (!nameIt(source, named)) return failed("write");
    fresh_ = named;
  }
  if (::rename(fresh_.c_str(), path_.c_str()) != 0) return failed("replace");
  fresh_.clear();
  return {};
}

Status WholeFile::commit() {
  if (failure_) return *failure_;
  if (!inPlace_) {
    if (options_.sync == Sync::Now && ::fsync(file_) != 0) return failed("write");
    PL_CHECK(place(fresh_.empty() ? fs::path(fmt::format("/proc/self/fd/{}", file_)) : fresh_));
  }
  bool closed = ::close(std::exchange(file_, -1)) == 0;
  if (!closed) return failed("write");
  return inPlace_ || options_.sync == Sync::Later ? Status() : syncDirectory(directoryOf(path_));
}

Status writeWholeFile(const fs::path& path, std::string_view bytes, const WholeFileOptions& options) {
  PL_TRY(WholeFile file, WholeFile::begin(path, options));
  PL_CHECK(file.write(bytes));
  return file.commit();
}

Status placeWholeFile(const fs::path& fresh, const fs::path& path) {
  PL_CHECK(syncPath(fresh, ::fsync));
  if (::rename(fresh.c_str(), path.c_str()) != 0) return fileError(path, "replace");
  return syncDirectory(directoryOf(path));
}

Status syncFileSystem(const fs::path& directory) { return syncPath(directory, ::syncfs); }

}  // namespace pilotledger
