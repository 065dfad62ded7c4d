#include "tools/cluster/settings.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>

#include "events/base/whole_file.h"

namespace pilotledger::cluster {
namespace {

namespace fs = std::filesystem;

struct Field {
  std::string_view name;
  std::string Settings::*text = nullptr;
};
constexpr Field kTexts[] = {{"name", &Settings::name},
                            {"listen", &Settings::listen},
                            {"authority", &Settings::authority},
                            {"certificate", &Settings::certificate},
                            {"key", &Settings::key}};

Error bad(const fs::path& file, std::string_view where, const std::string& en, const std::string& zh) {
  return invalidInput(fmt::format("{}: {}: {}", file.string(), where, en),
                      fmt::format("{}：{}：{}", file.string(), where, zh));
}

bool take(const std::string& name, const toml::node& node, Settings& settings) {
  for (const Field& field : kTexts) {
    if (field.name != name) continue;
    auto text = node.value_exact<std::string>();
    if (text) settings.*field.text = *text;
    return text.has_value();
  }
  if (name == "wait_seconds") {
    auto seconds = node.value_exact<std::int64_t>();
    settings.waitSeconds = static_cast<int>(seconds.value_or(0));
    return seconds && *seconds >= 1 && *seconds <= 300;
  }
  const toml::array* etcd = name == "etcd" ? node.as_array() : nullptr;
  return etcd != nullptr && std::all_of(etcd->begin(), etcd->end(), [&](const toml::node& one) {
           auto url = one.value_exact<std::string>();
           if (url) settings.etcd.push_back(*url);
           return url.has_value();
         });
}

std::string tomlText(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

}  // namespace

fs::path settingsFile(const fs::path& ledger) { return ledger / "cluster.toml"; }
fs::path nodeKeyFile(const fs::path& ledger) { return ledger / "node.pem"; }

Result<Settings> readSettings(const fs::path& ledger) {
  const fs::path file = settingsFile(ledger);
  std::error_code failure;
  if (!fs::exists(file, failure)) {
    return makeError(ErrorCode::NotFound, file.string() + ": not there; 'pilotledger cluster init' or 'join' writes it",
                     file.string() + "：不存在；由 pilotledger cluster init 或 join 生成");
  }
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& wrong) {
    return bad(file, fmt::format("line {}", wrong.source().begin.line), std::string(wrong.description()),
               "不是合法的 TOML");
  }
  Settings settings;
  for (const auto& [key, node] : table) {
    if (!take(std::string(key.str()), node, settings))
      return bad(file, key.str(),
                 "expected name, listen, authority, certificate, key (texts), etcd (a list of URLs), wait_seconds "
                 "(1 to 300)",
                 "应为 name、listen、authority、certificate、key（文本），etcd（网址列表），wait_seconds（1 至 300）");
  }
  for (const Field& field : kTexts)
    if ((settings.*field.text).empty() && field.name != "authority" && field.name != "certificate" &&
        field.name != "key")
      return bad(file, field.name, "missing", "缺失");
  if (settings.etcd.empty()) return bad(file, "etcd", "missing", "缺失");
  for (std::string Settings::*path : {&Settings::authority, &Settings::certificate, &Settings::key})
    if (!(settings.*path).empty()) settings.*path = (ledger / (settings.*path)).string();
  return settings;
}

Status writeSettings(const fs::path& ledger, const Settings& settings) {
  std::string text;
  for (const Field& field : kTexts)
    if (!(settings.*field.text).empty()) text += fmt::format("{} = {}\n", field.name, tomlText(settings.*field.text));
  text += "etcd = [";
  for (std::size_t i = 0; i < settings.etcd.size(); ++i) text += (i > 0 ? ", " : "") + tomlText(settings.etcd[i]);
  text += fmt::format("]\nwait_seconds = {}\n", settings.waitSeconds);
  return writeWholeFile(settingsFile(ledger), text, {.mode = 0600});
}

}  // namespace pilotledger::cluster
