#include "tools/service/status.h"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

namespace pilotledger::service {
namespace {

constexpr std::array<StatusRow, 11> kRows = {{
    {ErrorCode::InvalidInput, "InvalidInput", kRefused, 400, "invalid input", "输入无效"},
    {ErrorCode::BadSignature, "BadSignature", kRefused, 400, "bad signature", "签名无效"},
    {ErrorCode::NotAuthorized, "NotAuthorized", kRefused, 403, "not authorized", "无权签署"},
    {ErrorCode::Refused, "Refused", kRefused, 422, "refused by a rule", "规则拒绝"},
    {ErrorCode::Conflict, "Conflict", kRefused, 409, "conflict", "冲突"},
    {ErrorCode::NotFound, "NotFound", kNotFound, 404, "not found", "未找到"},
    {ErrorCode::ProofRejected, "ProofRejected", kNo, 422, "proof rejected", "证明不成立"},
    {ErrorCode::Corruption, "Corruption", kDamage, 500, "damage", "数据损坏"},
    {ErrorCode::Unavailable, "Unavailable", kUnavailable, 503, "unavailable", "暂不可用"},
    {ErrorCode::Unsupported, "Unsupported", kUsage, 400, "not supported", "不支持"},
    {ErrorCode::Internal, "Internal", kDamage, 500, "internal error", "内部错误"},
}};

constexpr std::array<TransportRow, 13> kTransport = {{
    {400, "BadRequest", kUsage, "bad request", "请求无效"},
    {401, "NotLoggedIn", kRefused, "log in first", "请先登录"},
    {404, "NoRoute", kNotFound, "no such address", "地址不存在"},
    {405, "MethodNotAllowed", kUsage, "method not allowed", "不支持该方法"},
    {408, "TooSlow", kUnavailable, "the request took too long", "请求超时"},
    {411, "LengthRequired", kUsage, "a length is required", "须给出长度"},
    {413, "TooLarge", kRefused, "too large", "内容过大"},
    {415, "MediaType", kUsage, "another type of content is expected", "内容类型不符"},
    {421, "Misdirected", kUsage, "not a name of this server", "主机名不属于本服务"},
    {429, "TooMany", kUnavailable, "too many requests", "请求过多"},
    {431, "HeaderTooLarge", kUsage, "the header is too large", "请求头过大"},
    {500, "Internal", kDamage, "internal error", "内部错误"},
    {503, "Unavailable", kUnavailable, "unavailable", "暂不可用"},
}};

}  // namespace

std::span<const TransportRow> transportTable() { return kTransport; }

const TransportRow& transportOf(int http) {
  int fallback = http < 500 ? 400 : 500;
  const TransportRow* found = nullptr;
  for (const TransportRow& row : kTransport) {
    if (row.http == http) return row;
    if (row.http == fallback) found = &row;
  }
  PL_ASSERT(found != nullptr);
  return *found;
}

std::span<const StatusRow> statusTable() { return kRows; }

const StatusRow& statusOf(ErrorCode code) {
  for (const StatusRow& row : kRows) {
    if (row.code == code) return row;
  }
  PL_ASSERT(!"every code has a row");
  return kRows[0];
}

std::string describe(const Error& error, Language language) {
  bool zh = language == Language::Chinese;
  const StatusRow& row = statusOf(error.code);
  const std::string& message = zh && !error.message.zh.empty() ? error.message.zh : error.message.en;
  std::string text = fmt::format("pilotledger: {}{}{}\n", zh ? row.zh : row.en, zh ? "：" : ": ", message);
  auto line = [&](std::string_view en, std::string_view chinese, const std::string& value) {
    if (value.empty()) return;
    text += zh ? fmt::format("  {}：{}\n", chinese, value) : fmt::format("  {:<9} {}\n", std::string(en) + ":", value);
  };
  if (error.position) line("event", "第几个事件", std::to_string(*error.position + 1));
  line("rule", "规则", error.rule);
  line("entity", "对象", error.entity);
  line("expected", "应为", error.expected);
  line("found", "实为", error.found);
  return text;
}

std::string describeJson(const Error& error) {
  nlohmann::ordered_json json = {{"error", statusOf(error.code).name}, {"message", error.message.en}};
  if (!error.message.zh.empty()) json["messageZh"] = error.message.zh;
  if (error.position) json["event"] = *error.position + 1;
  for (auto [name, value] : {std::pair("rule", &error.rule),
                             {"entity", &error.entity},
                             {"expected", &error.expected},
                             {"found", &error.found}}) {
    if (!value->empty()) json[name] = *value;
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace pilotledger::service
