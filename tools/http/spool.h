// A file without a name for a body that is too long for memory; gone when nobody reads it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "events/base/result.h"
#include "tools/http/message.h"

namespace pilotledger::http {

class Spool {
 public:
  static Result<Spool> open(const std::string& directory);  // empty: the system's for temporary files
  Spool(Spool&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  Spool& operator=(Spool&&) = delete;
  ~Spool();

  bool write(std::string_view bytes);  // false: the disk is full
  Result<Body> body() const { return Body::ofFile(descriptor_); }

 private:
  explicit Spool(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace pilotledger::http
