#include "tools/remote/memory.h"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "events/base/whole_file.h"
#include "tools/http/client.h"

namespace pilotledger::remote {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr std::size_t kMaxMemory = 4u << 20;

Result<fs::path> stateDirectory() {
  const char* state = std::getenv("XDG_STATE_HOME");  // that specification: a relative one is none
  if (state != nullptr && *state == '/') return fs::path(state) / "pilotledger";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return fs::path(home) / ".local/state/pilotledger";
  return makeError(ErrorCode::Unavailable, "neither XDG_STATE_HOME nor HOME names a directory to remember servers in",
                   "XDG_STATE_HOME 与 HOME 均未指明存放服务器状态的目录");
}

Error notOurs(const fs::path& path) {
  return makeError(
      ErrorCode::Corruption,
      fmt::format("{}: what was remembered of the server cannot be read; remove the file only when you know "
                  "why: the next contact would trust the server anew",
                  path.string()),
      fmt::format("{}：所记服务器状态无法读取；查明原因前请勿删除，删除后下次连接将重新信任该服务器", path.string()));
}

}  // namespace

Result<MemoryFile> MemoryFile::of(const std::string& server) {
  PL_TRY(fs::path directory, stateDirectory());
  std::error_code failure;
  fs::create_directories(directory.parent_path(), failure);
  if (!failure && fs::create_directory(directory, failure)) fs::permissions(directory, fs::perms::owner_all, failure);
  if (failure)
    return makeError(ErrorCode::Unavailable, fmt::format("{}: {}", directory.string(), failure.message()),
                     fmt::format("{}：{}", directory.string(), failure.message()));
  return MemoryFile(directory / (http::percentEncoded(server) + ".json"));
}

Result<std::optional<Memory>> MemoryFile::load() const {
  std::error_code failure;
  if (!fs::exists(path_, failure) && !failure) return std::optional<Memory>();
  std::ifstream file(path_, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file.good() && !file.eof()) return notOurs(path_);
  auto json = nlohmann::json::parse(text.size() <= kMaxMemory ? text : "", nullptr, false);
  Memory memory;
  if (!json.is_object() || json.value("version", nlohmann::json()) != kVersion) return notOurs(path_);
  for (auto [name, member] : {std::pair("log", &memory.log),
                              {"key", &memory.key},
                              {"signer", &memory.signer},
                              {"checkpoint", &memory.checkpoint},
                              {"session", &memory.session}}) {
    auto found = json.find(name);
    if (found == json.end() || !found->is_string()) return notOurs(path_);
    *member = found->get<std::string>();
  }
  return std::optional(std::move(memory));
}

Status MemoryFile::save(const Memory& memory) const {
  nlohmann::ordered_json json = {{"version", kVersion},
                                 {"log", memory.log},
                                 {"key", memory.key},
                                 {"signer", memory.signer},
                                 {"checkpoint", memory.checkpoint},
                                 {"session", memory.session}};
  return writeWholeFile(path_, json.dump(2) + "\n", {.mode = 0600, .sync = Sync::Later});
}

}  // namespace pilotledger::remote
