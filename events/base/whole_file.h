// Files that are written whole or not at all. The bytes go into a file without a name, or one beside the target
// where the file system knows no such; when all are on stable storage it gets the target's name. Who is killed
// meanwhile leaves what was there before, and nothing else.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "events/base/result.h"

namespace pilotledger {

enum class IfThere { Replace, Refuse };
enum class Sync { Now, Later };  // Later: for many files, of which syncFileSystem() makes sure together

struct WholeFileOptions {
  IfThere ifThere = IfThere::Replace;  // Replace keeps the mode of what was there
  mode_t mode = 0666;                  // of a new file, less the process's umask
  Sync sync = Sync::Now;
};

// One file being written. What stands at the path and is no regular file (a device, a pipe) is written to as it is.
class WholeFile {
 public:
  // NotFound when the directory is not there, Unavailable with the system's words else.
  static Result<WholeFile> begin(const std::filesystem::path& path, const WholeFileOptions& options = {});
  WholeFile(WholeFile&& other) noexcept { swap(other); }
  WholeFile& operator=(WholeFile&& other) noexcept {
    swap(other);
    return *this;
  }
  ~WholeFile();  // without commit() nothing has changed

  Status write(std::string_view bytes);  // one that failed fails commit() too
  // The file stands at its path and on stable storage. Conflict when one is there that may not be replaced.
  Status commit();

 private:
  WholeFile() = default;
  void swap(WholeFile& other) noexcept;
  Status openFresh();
  Status place(const std::filesystem::path& source);
  Status placeOver(const std::filesystem::path& source);
  Error failed(std::string_view doing) const;

  std::filesystem::path path_;   // links followed
  std::filesystem::path fresh_;  // its name until commit(); empty: it has none
  WholeFileOptions options_;
  int file_ = -1;
  bool inPlace_ = false;  // not a regular file
  std::optional<Error> failure_;
};

Status writeWholeFile(const std::filesystem::path& path, std::string_view bytes, const WholeFileOptions& options = {});
// What another library wrote to `fresh`, a path in the same directory, takes the place of `path`, synced.
Status placeWholeFile(const std::filesystem::path& fresh, const std::filesystem::path& path);
// All that was written below the directory is on stable storage.
Status syncFileSystem(const std::filesystem::path& directory);

}  // namespace pilotledger
