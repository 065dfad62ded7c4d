// The file of a SQLite model, and what stands beside it: FILE.lock, held by the process that adds to the model or
// rebuilds it, and FILE.new, the model that is being built. Both names are fixed: who holds the lock knows that the
// maker of a FILE.new that he finds is dead. One thread uses an object.
#pragma once

#include <chrono>
#include <filesystem>
#include <utility>

#include "events/base/result.h"

namespace pilotledger::query {

class ModelFile {
 public:
  explicit ModelFile(std::filesystem::path path) : path_(std::move(path)) {}
  ~ModelFile();  // gives the turn back; a new file that did not take its place goes
  ModelFile(const ModelFile&) = delete;
  ModelFile& operator=(const ModelFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path newPath() const { return beside(".new"); }

  // Whether this process may keep a model there: it writes in the directory, and what is there is its own or may be
  // replaced by the owner of the directory. Who may not builds one for himself alone.
  bool mayBeKept() const;
  // A file is there that nobody but this process's user, and root, can have written.
  bool isOurs() const;

  // Waits while another process adds or rebuilds; Unavailable after `patience`. Removes what a dead one left.
  Status takeTurn(std::chrono::milliseconds patience);
  // Puts the new file in the old one's place, on stable storage before it is seen.
  Status install();
  void endTurn();

 private:
  std::filesystem::path beside(const char* suffix) const { return std::filesystem::path(path_) += suffix; }
  std::filesystem::path directory() const;
  void removeNew() const;
  std::filesystem::path path_;
  int lock_ = -1;
};

}  // namespace pilotledger::query
