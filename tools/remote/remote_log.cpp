#include "tools/remote/remote_log.h"

#include <fmt/format.h>

#include <algorithm>

#include "events/base/whole_file.h"
#include "ledger/crypto/encoding.h"
#include "ledger/proof/fork_evidence.h"
#include "ledger/proof/key_chain.h"
#include "ledger/proof/verify.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/tile_nodes.h"
#include "tools/http/url.h"
#include "tools/service/status.h"

namespace pilotledger::remote {
namespace {

constexpr std::chrono::seconds kPatience{75};  // a submission and an audit may take a minute
constexpr int kTries = 3;                      // the log moves on between two questions
constexpr std::string_view kSessionCookie = "__Host-pilotledger";

std::string targetOf(const std::string& path, const Query& query) {
  std::string target = path;
  char separator = '?';
  for (const auto& [name, value] : query) {
    target += std::exchange(separator, '&') + http::percentEncoded(name) + "=" + http::percentEncoded(value);
  }
  return target;
}

Error odd(const std::string& what, const std::string& zh) {
  return makeError(ErrorCode::Unavailable, "the server's answer is not one of pilotledger serve: " + what,
                   "服务器的答复不符合 pilotledger serve 的格式：" + zh);
}

// Discarded when it is no JSON, or nested so deeply that going through it would use up the stack.
Json parsed(const http::Response& response) {
  constexpr int kMostDepth = 64;
  bool deep = false;
  Json json = Json::parse(
      response.body.view(),
      [&](int depth, Json::parse_event_t, Json&) {
        deep = deep || depth > kMostDepth;
        return !deep;
      },
      false);
  return deep ? Json(Json::value_t::discarded) : json;
}

// What the server said was wrong, as if it had been said here.
Error errorOf(const http::Response& response) {
  Json json = parsed(response);
  std::string name = textOf(json, "error");
  std::string en = textOf(json, "message");
  std::string zh = textOf(json, "messageZh");
  ErrorCode code = response.status >= 500 || response.status == 429 || response.status == 408 ? ErrorCode::Unavailable
                   : response.status == 401 || response.status == 403                         ? ErrorCode::NotAuthorized
                   : response.status == 404                                                   ? ErrorCode::NotFound
                                                                                              : ErrorCode::InvalidInput;
  for (const service::StatusRow& row : service::statusTable()) {
    if (row.name == name) code = row.code;
  }
  Error error = makeError(code, en.empty() ? fmt::format("the server answers {}", response.status) : en,
                          zh.empty() ? fmt::format("服务器答复 {}", response.status) : zh);
  if (!json.is_object()) return error;
  error.rule = textOf(json, "rule");
  error.entity = textOf(json, "entity");
  error.expected = textOf(json, "expected");
  error.found = textOf(json, "found");
  if (auto event = json.find("event"); event != json.end() && event->is_number_unsigned() && *event > 0)
    error.position = event->get<std::size_t>() - 1;
  return error;
}

Result<crypto::VerifyKey> keyOf(const std::string& given, const std::optional<Memory>& memory, http::Client& client) {
  if (memory) {
    if (!given.empty() && given != memory->key)
      return makeError(ErrorCode::ProofRejected,
                       "this server is remembered by another key of the log than the one given",
                       "所记该服务器的日志公钥与给出的不同");
    return crypto::VerifyKey::parse(memory->key);
  }
  if (!given.empty()) return crypto::VerifyKey::parse(given);
  PL_TRY(http::Response answer, client.call({"GET", "/v1/ledger"}));
  if (answer.status != 200) return errorOf(answer);
  PL_TRY(Json json, jsonOf(answer));
  return crypto::VerifyKey::parse(textOf(json, "founding_key"));
}

}  // namespace

Result<Json> jsonOf(const http::Response& response) {
  Json json = parsed(response);
  if (!json.is_object()) return odd("no JSON object", "不是 JSON 对象");
  return json;
}

Result<RemoteLog> RemoteLog::open(const std::string& server, const Trust& trust) {
  PL_TRY(http::Url url, http::parseUrl(server));
  if (url.target != "/")
    return invalidInput("the server is named without a path: " + url.origin(), "服务器地址不带路径：" + url.origin());
  PL_TRY(http::Client client, http::Client::of(url.origin(), {trust.authorities, kPatience, trust.mostBytes}));
  PL_TRY(MemoryFile file, MemoryFile::of(url.origin()));
  PL_TRY(std::optional<Memory> memory, file.load());
  PL_TRY(crypto::VerifyKey key, keyOf(trust.key, memory, client));
  RemoteLog log(url.origin(), std::move(client), std::move(file), std::move(key));
  log.firstContact_ = !memory && trust.key.empty();
  log.memory_ = memory.value_or(Memory{log.key_.name(), log.key_.vkey(), log.key_.vkey(), "", ""});
  PL_CHECK(log.refresh());
  return log;
}

Result<http::Response> RemoteLog::call(const http::Call& call) {
  http::Call with = call;
  if (!memory_.session.empty())
    with.headers.push_back({"Cookie", fmt::format("{}={}", kSessionCookie, memory_.session)});
  PL_TRY(http::Response response, client_.call(with));
  if (response.status >= 200 && response.status < 300) return response;
  return errorOf(response);
}

Result<std::string> RemoteLog::text(const std::string& path, const Query& query) {
  PL_TRY(http::Response response, call({"GET", targetOf(path, query)}));
  return std::string(response.body.view());
}

Result<http::Response> RemoteLog::post(const std::string& path, std::string_view type, std::string_view body,
                                       const Query& query) {
  return call({"POST", targetOf(path, query), {{"Content-Type", std::string(type)}}, body});
}

Result<http::Response> RemoteLog::put(const std::string& path, std::string_view type, std::string_view body) {
  return call({"PUT", path, {{"Content-Type", std::string(type)}}, body});
}

Result<http::Response> RemoteLog::remove(const std::string& path) { return call({"DELETE", path}); }

Result<Json> RemoteLog::askAside(const std::string& path, const Query& query) {
  PL_TRY(http::Response response, call({"GET", targetOf(path, query)}));
  return jsonOf(response);
}

Result<Json> RemoteLog::ask(const std::string& path, const Query& query) {
  bool past = std::any_of(query.begin(), query.end(),
                          [](const auto& one) { return one.first == "as_of" || one.first == "cursor"; });
  const std::uint64_t seen = past ? 0 : checkpoint_.size;
  PL_TRY(Json json, askAside(path, query));
  auto position = json.find("position");
  auto root = crypto::parseBase64Digest(textOf(json, "root"));
  if (position == json.end() || !position->is_number_unsigned() || !root.ok())
    return odd("it has no position and root", "缺少 position 与 root");
  PL_CHECK(requireOnLog(position->get<std::uint64_t>(), *root, seen));
  return json;
}

proof::NodeReader RemoteLog::nodes(std::uint64_t size) {
  return proof::nodesOfTiles(key_.suite(), size, [this](const std::string& path) -> Result<std::string> {
    auto kept = tiles_.find(path);
    if (kept != tiles_.end()) return kept->second;
    PL_TRY(std::string bytes, text("/" + path));
    return tiles_.emplace(path, std::move(bytes)).first->second;
  });
}

// ProofRejected when the tree does not go on from there.
Status RemoteLog::showContinues(std::uint64_t from, const Digest& fromRoot, const proof::Checkpoint& to) {
  if (from == 0) return {};
  PL_TRY(std::vector<Digest> path, proof::proveConsistency(key_.suite(), from, to.size, nodes(to.size)));
  return proof::verifyConsistency(key_.suite(), from, to.size, fromRoot, to.root, path);
}

Status RemoteLog::requireOnLog(std::uint64_t position, const Digest& root, std::uint64_t least) {
  if (position < least)
    return makeError(
        ErrorCode::Corruption,
        fmt::format("{} answers as of {} entries, though it has shown {} signed: the answer may leave out what came "
                    "since, and is not believed",
                    server_, position, least),
        fmt::format("{} 的答复仅截至 {} 条，而其已出示签名的 {} 条：答复可能遗漏其后的记录，不可信", server_, position,
                    least));
  if (position > checkpoint_.size) PL_CHECK(refresh());
  auto shown = onLog_.find(position);
  bool good = shown != onLog_.end() && shown->second == root;
  if (!good && position == checkpoint_.size) good = root == checkpoint_.root;
  if (!good && position == 0) good = root == proof::emptyRoot(key_.suite());
  if (!good && position > 0 && position < checkpoint_.size) {
    Status continues = showContinues(position, root, checkpoint_);
    if (!continues.ok() && continues.error().code != ErrorCode::ProofRejected) return continues;
    good = continues.ok();
  }
  if (!good)
    return makeError(
        ErrorCode::Corruption,
        fmt::format("{} answers from {} entries with a root that its signed checkpoint of {} does not lead "
                    "to: the answer is not believed",
                    server_, position, checkpoint_.size),
        fmt::format("{} 的答复基于 {} 条及一个日志根，而其签名的 {} 条检查点推不出该根：答复不可信", server_, position,
                    checkpoint_.size));
  onLog_[position] = root;
  return {};
}

// A log that goes on under another key says so in its own entries: the proof of its newest one holds the chain. A key
// that the log has given up, as this machine has seen, signs nothing more.
Result<proof::Checkpoint> RemoteLog::checkThroughChain(const proof::Checkpoint& claimed) {
  if (claimed.size == 0)
    return makeError(ErrorCode::NotFound, "an empty log, signed by another key", "空日志由其他密钥签署");
  // As anybody: a session that is over must not stand in the way.
  PL_TRY(http::Response answer, client_.call({"GET", fmt::format("/v1/proofs/entry/{}", claimed.size - 1)}));
  if (answer.status != 200) return errorOf(answer);
  std::string_view file = answer.body.view();
  PL_TRY(proof::VerifiedProof verified, proof::verifyProof(file, key_));
  PL_TRY(proof::ProofFile shown, proof::ProofFile::parse(file));
  PL_TRY(std::vector<crypto::VerifyKey> keys, proof::checkKeyChain(shown, verified.checkpoint, key_));
  bool goesOn = std::any_of(keys.begin(), keys.end(), [&](const auto& key) { return key.vkey() == memory_.signer; });
  if (!goesOn)
    return makeError(ErrorCode::ProofRejected, "its checkpoint is signed by a key that the log has given up",
                     "其检查点由日志已停用的密钥签署");
  memory_.signer = keys.back().vkey();
  return verified.checkpoint;
}

Result<proof::Checkpoint> RemoteLog::checkSigned(const std::string& note) {
  PL_TRY(proof::Note parsed, proof::Note::parse(note));
  PL_TRY(crypto::VerifyKey signer, crypto::VerifyKey::parse(memory_.signer));
  if (parsed.findSignature(signer) != nullptr) return proof::openCheckpoint(note, signer, signer.name());
  PL_TRY(proof::Checkpoint claimed, proof::readCheckpoint(note));
  PL_TRY(proof::Checkpoint shown, checkThroughChain(claimed));
  if (shown == claimed) return claimed;
  return makeError(ErrorCode::Unavailable, "the log moved on while it was asked; ask again",
                   "询问期间日志已更新，请重试");
}

Error RemoteLog::fork(const std::string& note, const proof::Checkpoint& remembered, const proof::Checkpoint& shown) {
  const proof::Checkpoint& larger = shown.size >= remembered.size ? shown : remembered;
  auto evidence = proof::findFork(key_, memory_.checkpoint, note, nodes(larger.size));
  std::string path = file_.path().string() + ".fork";
  bool kept = evidence.ok() && writeWholeFile(path, evidence->serialize(), {.mode = 0600}).ok();
  std::string en = fmt::format(
      "{} shows another history: {} entries now, which do not go on from the {} entries that "
      "this machine has seen signed. Believe nothing it says; tell the operator and auditors",
      server_, shown.size, remembered.size);
  std::string zh = fmt::format(
      "{} 出示了另一份历史：现为 {} 条，与本机此前所见已签名的 {} 条不相承接。请勿采信，并告知运营方与审计方", server_,
      shown.size, remembered.size);
  if (kept) {
    en += fmt::format(". Evidence: {} (pilotledger verify {})", path, path);
    zh += fmt::format("。证据：{}（pilotledger verify {}）", path, path);
  }
  return makeError(ErrorCode::Corruption, std::move(en), std::move(zh));
}

Status RemoteLog::compare(const proof::Checkpoint& remembered, const proof::Checkpoint& shown,
                          const std::string& note) {
  if (shown.size < remembered.size)
    return makeError(
        ErrorCode::Corruption,
        fmt::format("{} was rolled back: it shows {} entries, this machine has seen {} signed. It may run "
                    "on an older copy; tell the operator, and record nothing there until the newer one is back",
                    server_, shown.size, remembered.size),
        fmt::format(
            "{} 已回退：现仅有 {} 条，而本机此前所见已签名的为 {} 条。可能使用了旧副本，请告知运营方，恢复前请勿记录",
            server_, shown.size, remembered.size));
  if (shown.size == remembered.size) return shown.root == remembered.root ? Status() : fork(note, remembered, shown);
  Status continues = showContinues(remembered.size, remembered.root, shown);
  if (!continues.ok() && continues.error().code == ErrorCode::ProofRejected) return fork(note, remembered, shown);
  return continues;
}

Status RemoteLog::refresh() {
  Result<proof::Checkpoint> shown = odd("no checkpoint", "没有检查点");
  std::string note;
  for (int tried = 0; tried < kTries; ++tried) {
    PL_TRY(note, text("/checkpoint"));
    shown = checkSigned(note);
    if (shown.ok() || shown.error().code != ErrorCode::Unavailable) break;
  }
  if (!shown.ok()) return std::move(shown).error().within(server_);
  if (!memory_.checkpoint.empty()) {
    PL_TRY(proof::Checkpoint remembered, proof::readCheckpoint(memory_.checkpoint));
    PL_CHECK(compare(remembered, *shown, note));
  }
  note_ = note;
  checkpoint_ = *shown;
  onLog_[checkpoint_.size] = checkpoint_.root;
  return store(std::nullopt);
}

Status RemoteLog::remember(const std::string& session) { return store(session); }

// Other processes may have seen more meanwhile, and logged in or out: the most and the latest is kept.
Status RemoteLog::store(const std::optional<std::string>& session) {
  PL_TRY(std::optional<Memory> now, file_.load());
  memory_.checkpoint = note_;
  if (now) {
    memory_.session = now->session;
    PL_TRY(proof::Checkpoint other, proof::readCheckpoint(now->checkpoint));
    if (other.size > checkpoint_.size) {
      memory_.checkpoint = now->checkpoint;
      memory_.signer = now->signer;
    }
  }
  if (session) memory_.session = *session;
  return file_.save(memory_);
}

}  // namespace pilotledger::remote
