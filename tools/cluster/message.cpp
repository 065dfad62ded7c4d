#include "tools/cluster/message.h"

#include <nlohmann/json.hpp>

#include "ledger/crypto/encoding.h"

namespace pilotledger::cluster {
namespace {

using Json = nlohmann::json;

Error badMessage() { return invalidInput("a node's message: not what a node says", "节点消息格式错误"); }

// A note with the text alone left out: "— name base64".
std::string signatureText(const proof::NoteSignature& signature) {
  std::string note = proof::Note{"\n", {signature}}.serialize();
  return note.substr(2, note.size() - 3);
}

Result<proof::NoteSignature> readSignature(const std::string& text) {
  PL_TRY(proof::Note note, proof::Note::parse("\n\n" + text + "\n"));
  if (note.signatures.size() != 1) return badMessage();
  return std::move(note.signatures.front());
}

Json lineJson(const ledger::NodeLine& line) {
  return {{"size", std::to_string(line.size)},
          {"root", crypto::toBase64(line.root)},
          {"signature", signatureText(line.signature)}};
}

Result<std::uint64_t> numberOf(const Json& json) {
  if (!json.is_string()) return badMessage();
  return proof::parseDecimal(json.get_ref<const std::string&>(), "number");
}

Result<ledger::NodeLine> readLine(const Json& json) {
  if (!json.is_object() || !json.contains("size") || !json.contains("root") || !json.contains("signature") ||
      !json["root"].is_string() || !json["signature"].is_string())
    return badMessage();
  ledger::NodeLine line;
  PL_TRY(line.size, numberOf(json["size"]));
  PL_TRY(line.root, crypto::parseBase64Digest(json["root"].get<std::string>()));
  PL_TRY(line.signature, readSignature(json["signature"].get<std::string>()));
  return line;
}

Result<std::int64_t> clockOf(const Json& json) {
  PL_TRY(std::uint64_t ms, numberOf(json));
  return static_cast<std::int64_t>(ms);
}

Result<Json> parseObject(std::string_view text) {
  if (text.size() > kMaxMessageBytes) return badMessage();
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return badMessage();
  return json;
}

}  // namespace

std::string NodeMessage::encode() const {
  Json json = {{"node", node},
               {"ordered", std::to_string(ordered)},
               {"clock_ms", std::to_string(clockMs)},
               {"lines", Json::array()}};
  for (const auto& line : lines) json["lines"].push_back(lineJson(line));
  return json.dump();
}

Result<NodeMessage> NodeMessage::decode(std::string_view text) {
  PL_TRY(Json json, parseObject(text));
  for (const char* member : {"node", "ordered", "clock_ms", "lines"})
    if (!json.contains(member)) return badMessage();
  if (!json["node"].is_string() || !json["lines"].is_array() || json["lines"].size() > kMostLines) return badMessage();
  NodeMessage message;
  message.node = json["node"].get<std::string>();
  PL_TRY(message.ordered, numberOf(json["ordered"]));
  PL_TRY(message.clockMs, clockOf(json["clock_ms"]));
  for (const Json& one : json["lines"]) {
    PL_TRY(ledger::NodeLine line, readLine(one));
    message.lines.push_back(std::move(line));
  }
  return message;
}

std::string NodeReply::encode() const {
  Json json = {{"clock_ms", std::to_string(clockMs)}};
  if (yours) json["yours"] = lineJson(*yours);
  return json.dump();
}

Result<NodeReply> NodeReply::decode(std::string_view text) {
  PL_TRY(Json json, parseObject(text));
  if (!json.contains("clock_ms")) return badMessage();
  NodeReply reply;
  PL_TRY(reply.clockMs, clockOf(json["clock_ms"]));
  if (json.contains("yours")) {
    PL_TRY(reply.yours, readLine(json["yours"]));
  }
  return reply;
}

}  // namespace pilotledger::cluster
