// The page inside the program: the files that build.mjs makes. index.html is asked for anew each time; the others are
// named by their hashes and never change.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace pilotledger::web {

struct PageFile {
  std::string_view name;  // "index.html"; of the others also the address, behind "page/"
  std::string_view mediaType;
  std::string_view body;
  std::string_view gzip;  // the same, compressed
};

std::span<const PageFile> pageFiles();  // index.html comes first

}  // namespace pilotledger::web
