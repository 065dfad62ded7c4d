#include "ledger/crypto/private_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "events/base/whole_file.h"

namespace pilotledger::crypto {
namespace {

Error fileError(const std::filesystem::path& path, std::string_view doing) {
  std::string why = std::strerror(errno);
  return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable,
                   fmt::format("{}: cannot {} the key: {}", path.string(), doing, why),
                   fmt::format("{}：{}", path.string(), why));
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
                     fmt::format("{0}: the key file can be read by others (mode {1:o}); run: chmod 600 {0}",
                                 path.string(), info.st_mode & 0777),
                     fmt::format("{0}：密钥文件可被他人读取（权限 {1:o}），请执行：chmod 600 {0}", path.string(),
                                 info.st_mode & 0777));
  }
  if (text.size() > limit)
    return invalidInput(path.string() + ": too large for a key file", path.string() + "：文件过大，不是密钥文件");
  return text;
}

Status writePrivateFile(const std::filesystem::path& path, std::string_view content) {
  return writeWholeFile(path, content, {IfThere::Refuse, 0600});
}

Status requirePrivateFile(const std::filesystem::path& path, const Message& what) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) return writePrivateFile(path, "");
  if ((info.st_mode & 077) == 0) return {};
  return makeError(ErrorCode::NotAuthorized,
                   fmt::format("{0}: {2} can be read by others (mode {1:o}); run: chmod 600 {0}", path.string(),
                               info.st_mode & 0777, what.en),
                   fmt::format("{0}：{2}可被他人读取（权限 {1:o}），请执行：chmod 600 {0}", path.string(),
                               info.st_mode & 0777, what.zh));
}

}  // namespace pilotledger::crypto
