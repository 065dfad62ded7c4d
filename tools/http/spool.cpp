#include "tools/http/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

namespace pilotledger::http {

Result<Spool> Spool::open(const std::string& directory) {
  std::error_code ignored;
  std::string where = directory.empty() ? std::filesystem::temp_directory_path(ignored).string() : directory;
  int descriptor = ::open(where.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {  // a file system that knows no such files
    std::string name = where + "/pilotledger-body-XXXXXX";
    descriptor = ::mkostemp(name.data(), O_CLOEXEC);
    if (descriptor >= 0) ::unlink(name.c_str());
  }
  if (descriptor >= 0) return Spool(descriptor);
  const char* why = std::strerror(errno);
  return makeError(ErrorCode::Unavailable, where + ": " + why, where + "：" + why);
}

Spool::~Spool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool Spool::write(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t wrote = ::write(descriptor_, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace pilotledger::http
