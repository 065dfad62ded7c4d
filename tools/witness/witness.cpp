#include "tools/witness/witness.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>

#include "events/base/whole_file.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/merkle.h"
#include "ledger/tlog/witness_request.h"

namespace pilotledger::witness {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kReplyMagic = "pilotledger/witness-reply/v1\nstatus ";

Error trouble(const fs::path& path, std::string_view doing) {
  std::string why = std::strerror(errno);
  return makeError(errno == ENOENT ? ErrorCode::NotFound : ErrorCode::Unavailable,
                   fmt::format("{}: cannot {}: {}", path.string(), doing, why),
                   fmt::format("{}：{}", path.string(), why));
}

Result<std::string> readWhole(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return trouble(path, "read");
  return std::string(std::istreambuf_iterator<char>(in), {});
}

class Lock {
 public:
  explicit Lock(const fs::path& path) : file_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
    held_ = file_ >= 0 && ::flock(file_, LOCK_EX) == 0;
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() {
    if (file_ >= 0) ::close(file_);
  }
  bool held() const { return held_; }

 private:
  int file_;
  bool held_ = false;
};

Verdict no(unsigned status, std::string_view why, std::string newest = {}) {
  return {status, std::string(why) + "\n", std::move(newest)};
}

struct SignedByLog {
  std::size_t key;  // which of the log's keys; the last one added that signed
  proof::Note note;
};

// The log's own signatures on the checkpoint: of keys known here, and of a next one that is not yet, which the log
// itself recognises. nullopt when none of a known key is there and good.
std::optional<SignedByLog> signedByLog(const proof::Note& note, const std::vector<crypto::VerifyKey>& keys) {
  std::optional<SignedByLog> found;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (!proof::verifyNote(note, keys[i]).ok()) continue;
    found = SignedByLog{i, {note.text, {}}};
  }
  if (!found) return found;
  for (const proof::NoteSignature& signature : note.signatures) {
    if (signature.name == keys[found->key].name()) found->note.signatures.push_back(signature);
  }
  return found;
}

}  // namespace

std::string logHex(std::string_view origin) {
  return crypto::toHex(crypto::hash(crypto::SuiteId::Ed25519Sha256, viewOf(origin)));
}

Status Witness::init(const fs::path& directory, const crypto::SigningKey& key, std::string_view passphrase) {
  std::error_code failure;
  fs::create_directories(directory / "logs", failure);
  if (failure)
    return makeError(ErrorCode::Unavailable, directory.string() + ": " + failure.message(),
                     directory.string() + "：" + failure.message());
  return key.save(directory / "key.pem", passphrase);
}

Result<Witness> Witness::open(const fs::path& directory, std::string_view passphrase) {
  PL_TRY(crypto::SigningKey key, crypto::SigningKey::load(directory / "key.pem", passphrase));
  return Witness(directory, std::move(key));
}

fs::path Witness::fileOf(std::string_view hex, std::string_view suffix) const {
  return directory_ / "logs" / fmt::format("{}.{}", hex, suffix);
}

Result<std::vector<crypto::VerifyKey>> Witness::keysOf(std::string_view hex) const {
  std::vector<crypto::VerifyKey> keys;
  if (!fs::exists(fileOf(hex, "vkey"))) return keys;
  PL_TRY(std::string text, readWhole(fileOf(hex, "vkey")));
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    PL_TRY(crypto::VerifyKey key, crypto::VerifyKey::parse(std::string_view(text).substr(at, end - at)));
    keys.push_back(std::move(key));
    at = end + 1;
  }
  return keys;
}

Status Witness::addLog(const crypto::VerifyKey& log) {
  Lock lock(directory_ / "lock");
  if (!lock.held()) return trouble(directory_ / "lock", "lock");
  std::string hex = logHex(log.name());
  PL_TRY(std::vector<crypto::VerifyKey> keys, keysOf(hex));
  std::string text;
  for (const crypto::VerifyKey& key : keys) {
    if (key == log || key.suite() != log.suite()) {
      return makeError(
          ErrorCode::Conflict,
          fmt::format("the log {} is known already{}", log.name(), key == log ? "" : ", with keys of the other suite"),
          fmt::format("日志 {} 已登记{}", log.name(), key == log ? "" : "，且套件不同"));
    }
    text += key.vkey() + "\n";
  }
  return writeWholeFile(fileOf(hex, "vkey"), text + log.vkey() + "\n");
}

Result<std::string> Witness::newest(std::string_view hex) const {
  if (hex.size() == 64 && hex.find_first_not_of("0123456789abcdef") == hex.npos &&
      fs::exists(fileOf(hex, "checkpoint"))) {
    return readWhole(fileOf(hex, "checkpoint"));
  }
  return makeError(ErrorCode::NotFound, "no checkpoint of that log", "没有该日志的检查点");
}

Result<Verdict> Witness::judge(std::string_view body, std::uint64_t seconds) {
  auto request = proof::WitnessRequest::parse(body);
  if (!request.ok()) return no(400, request.error().message.en);
  auto note = proof::Note::parse(request->checkpoint);
  if (!note.ok()) return no(400, note.error().message.en);
  auto shown = proof::Checkpoint::parseBody(note->text);
  if (!shown.ok()) return no(400, shown.error().message.en);
  std::string hex = logHex(shown->origin);

  Lock lock(directory_ / "lock");  // from the comparison until the new state is durable
  if (!lock.held()) return trouble(directory_ / "lock", "lock");
  PL_TRY(std::vector<crypto::VerifyKey> keys, keysOf(hex));
  if (keys.empty()) return no(404, "this witness does not know the log " + shown->origin);
  auto signedNote = signedByLog(*note, keys);
  if (!signedNote) return no(403, "no signature by a key of this log that verifies");
  std::string newestNote;
  std::size_t keySeen = 0;
  proof::Checkpoint seen{shown->origin, 0, proof::emptyRoot(keys[0].suite())};
  if (fs::exists(fileOf(hex, "checkpoint"))) {
    PL_TRY(newestNote, readWhole(fileOf(hex, "checkpoint")));
    PL_TRY(proof::Note parsed, proof::Note::parse(newestNote));
    PL_TRY(seen, proof::Checkpoint::parseBody(parsed.text));
    if (auto before = signedByLog(parsed, keys)) keySeen = before->key;
  }
  if (signedNote->key < keySeen) return no(403, "signed by a key that this log has replaced", newestNote);
  if (request->oldSize > shown->size) return no(400, "the old size is larger than the checkpoint", newestNote);
  if (request->oldSize != seen.size) return no(409, std::to_string(seen.size), newestNote);
  Status continues =
      proof::verifyConsistency(keys[0].suite(), seen.size, shown->size, seen.root, shown->root, request->consistency);
  if (!continues.ok()) return no(422, continues.error().message.en, newestNote);

  PL_TRY(proof::NoteSignature signature, proof::cosign(note->text, seconds, key_));
  signedNote->note.signatures.push_back(signature);
  std::string held = signedNote->note.serialize();
  if (!proof::Note::parse(held).ok())
    return no(400, "too many signature lines", newestNote);  // what is kept must be read again
  PL_CHECK(writeWholeFile(fileOf(hex, "checkpoint"), held));
  std::string lines = proof::Note{"\n", {signature}}.serialize();
  return Verdict{200, lines.substr(2), held};  // without the text and the empty line
}

std::string formatReply(const Verdict& verdict) {
  std::string text = fmt::format("{}{}\n\n{}", kReplyMagic, verdict.status, verdict.body);
  if (!verdict.newest.empty()) text += "\n" + verdict.newest;
  return text;
}

Result<Verdict> parseReply(std::string_view file) {
  auto malformed = [] {
    return invalidInput("not the reply of a witness (pilotledger/witness-reply/v1)",
                        "不是见证方的回执（pilotledger/witness-reply/v1）");
  };
  if (!file.starts_with(kReplyMagic) || file.size() > 2 * proof::kMaxNoteBytes) return malformed();
  file.remove_prefix(kReplyMagic.size());
  std::size_t end = file.find("\n\n");
  if (end == file.npos) return malformed();
  PL_TRY(std::uint64_t status, proof::parseDecimal(file.substr(0, end), "status"));
  if (status < 200 || status > 599) return malformed();
  file.remove_prefix(end + 2);
  Verdict verdict{static_cast<unsigned>(status), "", ""};
  std::size_t gap = file.find("\n\n");
  verdict.body = file.substr(0, gap == file.npos ? file.npos : gap + 1);
  if (gap != file.npos) verdict.newest = file.substr(gap + 2);
  return verdict;
}

}  // namespace pilotledger::witness
