#include "ledger/store/writer_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace pilotledger::ledger {

namespace fs = std::filesystem;

WriterLock::~WriterLock() {
  if (file_ >= 0) ::close(file_);
}

Status WriterLock::acquire(const fs::path& path) {
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (file_ < 0) {
    std::string why = std::strerror(errno);
    return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot open for writing: {}", path.string(), why),
                     fmt::format("{}：无法写入：{}", path.string(), why));
  }
  if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
    std::string holder(64, '\0');
    ssize_t n = ::pread(file_, holder.data(), holder.size(), 0);
    holder.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    while (!holder.empty() && holder.back() == '\n') holder.pop_back();
    std::string dir = path.parent_path().string();
    return makeError(
        ErrorCode::Unavailable,
        fmt::format("{}: in use by {}; only one process may write at a time, "
                    "read-only commands work beside it; if that is 'pilotledger serve', record through it: "
                    "'sign', then 'submit' with --server",
                    dir, holder),
        fmt::format("{}：正被 {} 使用；同一时刻只能有一个写入进程，只读命令不受影响；如为 pilotledger "
                    "serve，请经其记录：先 sign，再用 --server 执行 submit",
                    dir, holder));
  }
  std::string self = fmt::format("process {}\n", ::getpid());
  if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, self.data(), self.size(), 0) != static_cast<ssize_t>(self.size())) {
    return makeError(ErrorCode::Unavailable, path.string() + ": cannot write the lock file");
  }
  return {};
}

}  // namespace pilotledger::ledger
