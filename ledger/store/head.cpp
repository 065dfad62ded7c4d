#include "ledger/store/head.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

namespace pilotledger::ledger {
namespace {

namespace fs = std::filesystem;

static_assert(std::endian::native == std::endian::little, "the file is mapped as it is");
constexpr std::size_t kBytes = sizeof(std::uint64_t);

class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : file_(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (file_ >= 0) ::close(file_);
  }
  int get() const { return file_; }

 private:
  int file_;
};

Error unusable(const fs::path& path, const std::string& why) {
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: {}; it says how many entries were acknowledged, and without it a loss cannot be told. "
                  "Put it back from a copy of the directory",
                  path.string(), why),
      fmt::format("{}：{}；该文件记载已确认的条目数，缺失则无法判断条目是否丢失。请从目录副本中恢复", path.string(),
                  why));
}

}  // namespace

Head::~Head() {
  if (map_ != nullptr) ::munmap(map_, kBytes);
}

Status Head::create(const fs::path& path) {
  Descriptor file(path, O_RDWR | O_CREAT);
  constexpr std::array<char, kBytes> zero{};
  if (file.get() >= 0 && ::pwrite(file.get(), zero.data(), kBytes, 0) == kBytes && ::fsync(file.get()) == 0) return {};
  std::string why = std::strerror(errno);
  return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot write: {}", path.string(), why),
                   fmt::format("{}：无法写入：{}", path.string(), why));
}

Result<std::uint64_t> Head::read(const fs::path& path) {
  Descriptor file(path, O_RDONLY);
  if (file.get() < 0) return unusable(path, std::strerror(errno));
  std::array<char, kBytes + 1> bytes{};
  ssize_t n = ::pread(file.get(), bytes.data(), bytes.size(), 0);
  if (n < 0) return unusable(path, std::strerror(errno));
  if (n != kBytes)
    return unusable(path, fmt::format("expected {} bytes, found {}", kBytes, n > 8 ? "more" : std::to_string(n)));
  std::uint64_t size;
  std::memcpy(&size, bytes.data(), kBytes);
  return size;
}

Status Head::openForWriting(const fs::path& path) {
  PL_TRY(std::uint64_t size, read(path));
  Descriptor file(path, O_RDWR);
  // Written as it stands before it is mapped: a page that the disk has no room for would end the process later.
  if (file.get() < 0 || ::pwrite(file.get(), &size, kBytes, 0) != kBytes) {
    std::string why = std::strerror(errno);
    return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot write: {}", path.string(), why),
                     fmt::format("{}：无法写入：{}", path.string(), why));
  }
  void* at = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, file.get(), 0);
  if (at == MAP_FAILED)
    return makeError(ErrorCode::Unavailable, fmt::format("{}: cannot map: {}", path.string(), std::strerror(errno)));
  map_ = static_cast<std::uint64_t*>(at);
  return {};
}

void Head::raise(std::uint64_t size) {
  if (map_ == nullptr) return;
  std::uint64_t now = __atomic_load_n(map_, __ATOMIC_ACQUIRE);
  while (now < size && !__atomic_compare_exchange_n(map_, &now, size, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {
  }
}

}  // namespace pilotledger::ledger
