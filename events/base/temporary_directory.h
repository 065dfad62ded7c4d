// A new directory of this process alone (mode 0700, a name nobody can foresee) below the system's
// temporary one. Goes, with all in it, when this goes; those of processes that were killed go when the next one
// is made (a lock on a file in it tells whose maker lives). One object is for one thread.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>

#include "events/base/result.h"

namespace pilotledger {

class TemporaryDirectory {
 public:
  // Unavailable when it cannot be made. The purpose is part of the name: "pilotledger-PURPOSE-...".
  static Result<TemporaryDirectory> make(std::string_view purpose);

  TemporaryDirectory() = default;  // none
  TemporaryDirectory(TemporaryDirectory&& other) noexcept
      : path_(std::exchange(other.path_, {})), mark_(std::exchange(other.mark_, -1)) {}
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(mark_, other.mark_);
    return *this;
  }
  ~TemporaryDirectory();

  const std::filesystem::path& path() const { return path_; }

  // For the handler of a signal that ends the process: removes the files of all that there are, and them. Calls
  // nothing that a signal handler may not; what lies in directories below them is left to the next run.
  static void removeAllInHandler();

 private:
  std::filesystem::path path_;
  int mark_ = -1;  // locked
};

}  // namespace pilotledger
