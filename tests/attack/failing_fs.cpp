// A file system that fails on demand, below RocksDB, SQLite and our own files: stands before the C library (LD_PRELOAD)
// and lets the calls that touch files below one directory fail. What strace does not count belongs to it too: reads and
// mapped memory.
//
//   FAILING_FS_UNDER=DIRECTORY  whose files are meant
//   FAILING_FS_COUNT=FILE       at the end: a line "CALL COUNT" of each call that could have failed
//   FAILING_FS=CALL:NUMBER:ERRNO:once|on   that call, counted over all threads, fails with that errno, once or from
//   then on
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace {

enum Call { kOpen, kRead, kWrite, kSync, kTruncate, kAllocate, kRename, kUnlink, kMkdir, kLink, kMap, kCalls };
constexpr const char* kNames[kCalls] = {"open",   "read",   "write", "sync", "truncate", "allocate",
                                        "rename", "unlink", "mkdir", "link", "map"};
std::atomic<long> counts[kCalls];

struct Plan {
  char under[PATH_MAX] = "";
  std::size_t underSize = 0;
  int call = -1;
  long number = 0;
  int error = 0;
  bool on = false;

  Plan() {
    if (const char* directory = std::getenv("FAILING_FS_UNDER")) {
      if (::realpath(directory, under) != nullptr) underSize = std::strlen(under);
    }
    const char* what = std::getenv("FAILING_FS");
    if (what == nullptr) return;
    char name[16] = "", times[8] = "";
    if (std::sscanf(what, "%15[^:]:%ld:%d:%7s", name, &number, &error, times) != 4) return;
    on = std::strcmp(times, "on") == 0;
    for (int i = 0; i < kCalls; ++i)
      if (std::strcmp(name, kNames[i]) == 0) call = i;
  }
};
const Plan& plan() {
  static const Plan made;
  return made;
}

bool isMeant(const char* path) {
  return plan().underSize > 0 && std::strncmp(path, plan().under, plan().underSize) == 0 &&
         (path[plan().underSize] == '/' || path[plan().underSize] == '\0');
}

bool isMeant(int descriptor) {
  if (plan().underSize == 0 || descriptor <= STDERR_FILENO) return false;  // what is said of the failure can be said
  char link[32], path[PATH_MAX];
  std::snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t size = ::readlink(link, path, sizeof path - 1);
  if (size <= 0) return false;
  path[size] = '\0';
  return isMeant(path);
}

// A name that may be relative, and of a file that is not there yet.
bool isMeantName(const char* name) {
  if (plan().underSize == 0 || name == nullptr) return false;
  if (name[0] == '/') return isMeant(name);
  char whole[PATH_MAX];
  if (::getcwd(whole, sizeof whole) == nullptr) return false;
  std::size_t size = std::strlen(whole);
  if (size + 1 + std::strlen(name) >= sizeof whole) return false;
  whole[size] = '/';
  std::strcpy(whole + size + 1, name);
  return isMeant(whole);
}

// Counts the call; true, and errno, when it is to fail.
bool fails(Call call, bool meant) {
  if (!meant) return false;
  const long number = ++counts[call];
  const Plan& given = plan();
  if (given.call != call || (given.on ? number < given.number : number != given.number)) return false;
  errno = given.error;
  return true;
}

struct AtEnd {
  ~AtEnd() {
    const char* name = std::getenv("FAILING_FS_COUNT");
    std::FILE* file = name == nullptr ? nullptr : std::fopen(name, "w");
    if (file == nullptr) return;
    for (int i = 0; i < kCalls; ++i) std::fprintf(file, "%s %ld\n", kNames[i], counts[i].load());
    std::fclose(file);
  }
} atEnd;

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

#define PL_NEXT(name) static const auto real = next<decltype(&::name)>(#name)

#define PL_OPEN(name)                                                                    \
  int name(const char* path, int flags, ...) {                                           \
    using Real = int (*)(const char*, int, ...);                                         \
    static const auto real = next<Real>(#name);                                          \
    va_list more;                                                                        \
    va_start(more, flags);                                                               \
    const mode_t mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, mode_t) : 0; \
    va_end(more);                                                                        \
    return fails(kOpen, isMeantName(path)) ? -1 : real(path, flags, mode);               \
  }
PL_OPEN(open)
PL_OPEN(open64)
#undef PL_OPEN

ssize_t read(int fd, void* to, size_t size) {
  PL_NEXT(read);
  return fails(kRead, isMeant(fd)) ? -1 : real(fd, to, size);
}
ssize_t pread64(int fd, void* to, size_t size, off64_t at) {
  PL_NEXT(pread64);
  return fails(kRead, isMeant(fd)) ? -1 : real(fd, to, size, at);
}
ssize_t pread(int fd, void* to, size_t size, off_t at) {
  PL_NEXT(pread);
  return fails(kRead, isMeant(fd)) ? -1 : real(fd, to, size, at);
}
ssize_t write(int fd, const void* from, size_t size) {
  PL_NEXT(write);
  return fails(kWrite, isMeant(fd)) ? -1 : real(fd, from, size);
}
ssize_t pwrite64(int fd, const void* from, size_t size, off64_t at) {
  PL_NEXT(pwrite64);
  return fails(kWrite, isMeant(fd)) ? -1 : real(fd, from, size, at);
}
ssize_t pwrite(int fd, const void* from, size_t size, off_t at) {
  PL_NEXT(pwrite);
  return fails(kWrite, isMeant(fd)) ? -1 : real(fd, from, size, at);
}
int fsync(int fd) {
  PL_NEXT(fsync);
  return fails(kSync, isMeant(fd)) ? -1 : real(fd);
}
int fdatasync(int fd) {
  PL_NEXT(fdatasync);
  return fails(kSync, isMeant(fd)) ? -1 : real(fd);
}
int ftruncate(int fd, off_t size) noexcept {
  PL_NEXT(ftruncate);
  return fails(kTruncate, isMeant(fd)) ? -1 : real(fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  PL_NEXT(ftruncate64);
  return fails(kTruncate, isMeant(fd)) ? -1 : real(fd, size);
}
int fallocate(int fd, int mode, off_t at, off_t size) {
  PL_NEXT(fallocate);
  return fails(kAllocate, isMeant(fd)) ? -1 : real(fd, mode, at, size);
}
int posix_fallocate(int fd, off_t at, off_t size) {
  PL_NEXT(posix_fallocate);
  return fails(kAllocate, isMeant(fd)) ? errno : real(fd, at, size);
}
int rename(const char* from, const char* to) noexcept {
  PL_NEXT(rename);
  return fails(kRename, isMeantName(to)) ? -1 : real(from, to);
}
int unlink(const char* path) noexcept {
  PL_NEXT(unlink);
  return fails(kUnlink, isMeantName(path)) ? -1 : real(path);
}
int mkdir(const char* path, mode_t mode) noexcept {
  PL_NEXT(mkdir);
  return fails(kMkdir, isMeantName(path)) ? -1 : real(path, mode);
}
int link(const char* from, const char* to) noexcept {
  PL_NEXT(link);
  return fails(kLink, isMeantName(to)) ? -1 : real(from, to);
}
void* mmap(void* at, size_t size, int protection, int flags, int fd, off_t from) noexcept {
  PL_NEXT(mmap);
  return fails(kMap, fd >= 0 && isMeant(fd)) ? MAP_FAILED : real(at, size, protection, flags, fd, from);
}
void* mmap64(void* at, size_t size, int protection, int flags, int fd, off64_t from) noexcept {
  PL_NEXT(mmap64);
  return fails(kMap, fd >= 0 && isMeant(fd)) ? MAP_FAILED : real(at, size, protection, flags, fd, from);
}

#undef PL_NEXT

}  // extern "C"
