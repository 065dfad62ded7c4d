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
    {ErrorCode::Unsupported, "Unsupported", kUsage, 501, "not supported", "不支持"},
    {ErrorCode::Internal, "Internal", kDamage, 500, "internal error", "内部错误"},
}};

}  // namespace

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
