// A new directory of this process alone (mode 0700, a name nobody can foresee) below the system's
// temporary one. Goes, with all in it, when this goes.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "events/result.h"

namespace pilotledger {

class TemporaryDirectory {
 public:
  // Unavailable when it cannot be made. The purpose is part of the name: "pilotledger-PURPOSE-...".
  static Result<TemporaryDirectory> make(std::string_view purpose);

  TemporaryDirectory() = default;  // none
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    return *this;
  }
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace pilotledger
