#include "tools/server/config.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <functional>

#include "events/base/text.h"

namespace pilotledger::server {
namespace {

constexpr const char* kDefaultListen = "127.0.0.1:8080";

Error badConfig(const std::string& file, const toml::source_region& at, const std::string& en, const std::string& zh) {
  return invalidInput(fmt::format("{}:{}: {}", file, at.begin.line, en),
                      fmt::format("{}：第 {} 行：{}", file, at.begin.line, zh));
}

bool takeText(const toml::node& node, std::string& into) {
  auto text = node.value<std::string>();
  if (text) into = std::move(*text);
  return text.has_value();
}

bool takeTexts(const toml::node& node, std::vector<std::string>& into) {
  const toml::array* array = node.as_array();
  if (array == nullptr) return takeText(node, into.emplace_back());
  return std::all_of(array->begin(), array->end(),
                     [&](const toml::node& one) { return takeText(one, into.emplace_back()); });
}

bool takeCount(const toml::node& node, int most, int& into) {
  std::int64_t count = node.value<std::int64_t>().value_or(0);
  if (count < 1 || count > most) return false;
  into = static_cast<int>(count);
  return true;
}

bool takeFlag(const toml::node& node, bool& into) {
  auto flag = node.value_exact<bool>();
  if (flag) into = *flag;
  return flag.has_value();
}

struct Setting {
  std::string_view name;
  bool (*take)(const toml::node& node, ServeConfig& config);
};
constexpr Setting kSettings[] = {
    {"listen", [](const toml::node& node, ServeConfig& config) { return takeTexts(node, config.listen); }},
    {"unix", [](const toml::node& node, ServeConfig& config) { return takeText(node, config.unixSocket); }},
    {"hosts", [](const toml::node& node, ServeConfig& config) { return takeTexts(node, config.hosts); }},
    {"tls_cert", [](const toml::node& node, ServeConfig& config) { return takeText(node, config.certificate); }},
    {"tls_key", [](const toml::node& node, ServeConfig& config) { return takeText(node, config.key); }},
    {"url", [](const toml::node& node, ServeConfig& config) { return takeText(node, config.url); }},
    {"name", [](const toml::node& node, ServeConfig& config) { return takeText(node, config.name); }},
    {"challenges_per_minute",
     [](const toml::node& node, ServeConfig& config) { return takeCount(node, 100'000, config.challengesPerMinute); }},
    {"evidence_mib",
     [](const toml::node& node, ServeConfig& config) { return takeCount(node, 1 << 30, config.evidenceMiB); }},
    {"pending_days",
     [](const toml::node& node, ServeConfig& config) { return takeCount(node, 366, config.pendingDays); }},
    {"sql", [](const toml::node& node, ServeConfig& config) { return takeFlag(node, config.sql); }},
};

}  // namespace

Result<ServeConfig> readConfig(const std::string& text, const std::string& file) {
  toml::table table;
  try {
    table = toml::parse(text);
  } catch (const toml::parse_error& failure) {
    return badConfig(file, failure.source(), std::string(failure.description()), "不是合法的 TOML");
  }
  ServeConfig config;
  std::vector<std::string_view> names;
  for (const Setting& setting : kSettings) names.push_back(setting.name);
  for (const auto& [key, node] : table) {
    auto setting = std::find_if(std::begin(kSettings), std::end(kSettings),
                                [&key = key](const Setting& one) { return one.name == key.str(); });
    if (setting == std::end(kSettings)) {
      std::string_view close = events::nearest(std::string(key.str()), names);
      return badConfig(
          file, key.source(),
          fmt::format("unknown setting '{}'{}; there are: {}", key.str(),
                      close.empty() ? "" : fmt::format(", did you mean '{}'?", close), fmt::join(names, ", ")),
          fmt::format("未知设置“{}”；可用：{}", key.str(), fmt::join(names, "、")));
    }
    if (!setting->take(node, config))
      return badConfig(file, node.source(), fmt::format("{}: not of the kind that is expected there", key.str()),
                       fmt::format("{}：值的类型不符", key.str()));
  }
  return config;
}

ServeConfig merged(ServeConfig under, const ServeConfig& over) {
  if (!over.listen.empty()) under.listen = over.listen;
  if (!over.unixSocket.empty()) under.unixSocket = over.unixSocket;
  if (!over.hosts.empty()) under.hosts = over.hosts;
  if (!over.certificate.empty()) under.certificate = over.certificate;
  if (!over.key.empty()) under.key = over.key;
  if (!over.url.empty()) under.url = over.url;
  if (!over.name.empty()) under.name = over.name;
  if (over.challengesPerMinute != 0) under.challengesPerMinute = over.challengesPerMinute;
  if (over.evidenceMiB != 0) under.evidenceMiB = over.evidenceMiB;
  if (over.pendingDays != 0) under.pendingDays = over.pendingDays;
  under.sql = under.sql || over.sql;
  return under;
}

Result<http::Options> httpOptions(const ServeConfig& config) {
  if (config.certificate.empty() != config.key.empty())
    return invalidInput("TLS needs both a certificate and its key", "TLS 须同时给出证书与私钥");
  if (!config.url.empty() &&
      (!(config.url.starts_with("https://") || config.url.starts_with("http://")) || config.url.ends_with('/')))
    return invalidInput("url: expected https://NAME without a path, found '" + config.url + "'",
                        "url：应为 https://名称，不带路径，实为“" + config.url + "”");
  http::Options options;
  options.listen = config.listen;
  if (options.listen.empty() && config.unixSocket.empty()) options.listen.emplace_back(kDefaultListen);
  if (!config.unixSocket.empty()) options.listen.push_back("unix:" + config.unixSocket);
  options.hosts = config.hosts;
  options.certificate = config.certificate;
  options.key = config.key;
  return options;
}

}  // namespace pilotledger::server
