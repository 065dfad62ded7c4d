#include "events/temporary_directory.h"

#include <fmt/format.h>
#include <stdlib.h>

#include <cerrno>
#include <cstring>

namespace pilotledger {
namespace fs = std::filesystem;

Result<TemporaryDirectory> TemporaryDirectory::make(std::string_view purpose) {
  std::error_code failure;
  std::string name = (fs::temp_directory_path(failure) / fmt::format("pilotledger-{}-XXXXXX", purpose)).string();
  if (failure || ::mkdtemp(name.data()) == nullptr) {
    const char* why = failure ? "no directory for temporary files (TMPDIR)" : std::strerror(errno);
    return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot make a temporary directory: {}", name, why),
                     fmt::format("{}：无法建立临时目录：{}", name, why));
  }
  TemporaryDirectory directory;
  directory.path_ = name;
  return directory;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace pilotledger
