#include "tools/http/message.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace pilotledger::http {

bool sameName(std::string_view a, std::string_view b) {
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

const std::string* findHeader(const Headers& headers, std::string_view name) {
  for (const Header& header : headers) {
    if (sameName(header.name, name)) return &header.value;
  }
  return nullptr;
}

std::size_t countHeaders(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(), [&](const Header& h) { return sameName(h.name, name); }));
}

struct Body::Mapping {
  void* start;
  std::size_t size;
  ~Mapping() { ::munmap(start, size); }
};

Result<Body> Body::ofFile(int descriptor) {
  struct stat about {};
  Body body;
  if (::fstat(descriptor, &about) == 0 && about.st_size == 0) return body;
  auto size = static_cast<std::size_t>(about.st_size);
  void* start = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (start == MAP_FAILED) {
    const char* why = std::strerror(errno);
    return makeError(ErrorCode::Unavailable, std::string("cannot map a file: ") + why,
                     std::string("无法映射文件：") + why);
  }
  body.mapping_ = std::make_shared<const Mapping>(start, size);
  return body;
}

std::string_view Body::view() const {
  if (mapping_) return {static_cast<const char*>(mapping_->start), mapping_->size};
  return bytes_ ? std::string_view(*bytes_) : std::string_view();
}

void Cancellation::dueBy(Clock::time_point due) {
  Clock::rep wanted = due.time_since_epoch().count();
  Clock::rep now = due_.load(std::memory_order_relaxed);
  while (wanted < now && !due_.compare_exchange_weak(now, wanted, std::memory_order_relaxed)) {
  }
}

}  // namespace pilotledger::http
