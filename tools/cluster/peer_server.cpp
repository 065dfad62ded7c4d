#include "tools/cluster/peer_server.h"

#include <nlohmann/json.hpp>

#include "ledger/crypto/encoding.h"

namespace pilotledger::cluster {
namespace {

http::Response jsonResponse(unsigned status, std::string body) {
  return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

http::Response errorResponse(unsigned status, const Message& why) {
  return jsonResponse(status, nlohmann::json({{"message", why.en}, {"messageZh", why.zh}}).dump());
}

}  // namespace

std::string statusJson(const NodeStatus& status) {
  nlohmann::ordered_json json = {{"name", status.name},
                                 {"state", status.state},
                                 {"size", std::to_string(status.size)},
                                 {"root", crypto::toBase64(status.root)},
                                 {"confirmed", std::to_string(status.confirmed)},
                                 {"needed", status.needed},
                                 {"order", status.head},
                                 {"clock_offset_ms", status.clockOffsetMs},
                                 {"nodes", nlohmann::ordered_json::array()}};
  for (const auto& node : status.nodes) {
    json["nodes"].push_back({{"name", node.name},
                             {"url", node.url},
                             {"vkey", node.vkey},
                             {"own", node.own},
                             {"reached", node.reached || node.own},
                             {"size", std::to_string(node.size)}});
  }
  if (!status.trouble.empty()) json["trouble"] = status.trouble;
  return json.dump();
}

Result<std::unique_ptr<http::Server>> servePeers(const PeerServerOptions& options, Node& node) {
  http::Options server;
  server.listen = {options.listen};
  server.hosts = {"*"};
  server.certificate = options.certificate;
  server.key = options.key;
  server.limits.workers = 2;
  server.limits.connections = 200;
  server.bodyLimit = [](const http::Request&) -> std::uint64_t { return kMaxMessageBytes; };
  return http::Server::start(std::move(server), [&node](const http::Request& request) -> http::Answer {
    if (request.path == "/cluster" && request.method == "GET") return jsonResponse(200, statusJson(node.status()));
    if (request.path != "/cluster/lines" || request.method != "POST")
      return errorResponse(404, {"nothing is at this address", "该地址不存在"});
    auto message = NodeMessage::decode(request.body.view());
    if (!message.ok()) return errorResponse(400, message.error().message);
    auto reply = node.take(*message);
    if (!reply.ok()) return errorResponse(403, reply.error().message);
    return jsonResponse(200, reply->encode());
  });
}

}  // namespace pilotledger::cluster
