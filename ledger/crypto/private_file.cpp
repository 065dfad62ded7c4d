#include "ledger/crypto/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace pilotledger::crypto {
namespace {

Error fileError(const std::filesystem::path& path, std::string_view doing) {
  std::string why = std::strerror(errno);
  return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable,
                   fmt::format("{}: cannot {} the key: {}", path.string(), doing, why), fmt::format("{}：{}", path.string(), why));
}

}  // namespace

Result<std::string> readPrivateFile(const std::filesystem::path& path, std::size_t limit) {
  int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return fileError(path, "open");
  struct stat info {};
  std::string text(limit + 1, '\0');
  ssize_t size = ::fstat(file, &info) == 0 ? ::read(file, text.data(), text.size()) : -1;
  ::close(file);
  if (size < 0) return fileError(path, "read");
  text.resize(static_cast<std::size_t>(size));
  if ((info.st_mode & 077) != 0) {
    return makeError(ErrorCode::NotAuthorized,
                     fmt::format("{0}: the key file can be read by others (mode {1:o}); run: chmod 600 {0}", path.string(), info.st_mode & 0777),
                     fmt::format("{0}：密钥文件可被他人读取（权限 {1:o}），请执行：chmod 600 {0}", path.string(), info.st_mode & 0777));
  }
  if (text.size() > limit) return invalidInput(path.string() + ": too large for a key file", path.string() + "：文件过大，不是密钥文件");
  return text;
}

Status writePrivateFile(const std::filesystem::path& path, std::string_view content) {
  int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == EEXIST) {
      return makeError(ErrorCode::Conflict, path.string() + ": exists already; a key file is never overwritten",
                       path.string() + "：文件已存在，密钥文件不会被覆盖");
    }
    return fileError(path, "create");
  }
  bool good = ::write(file, content.data(), content.size()) == static_cast<ssize_t>(content.size()) && ::fsync(file) == 0;
  good = ::close(file) == 0 && good;
  if (good) return {};
  Error error = fileError(path, "write");
  ::unlink(path.c_str());
  return error;
}

}  // namespace pilotledger::crypto
