#include "ledger/proof/proof_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {
namespace {

constexpr std::array<std::string_view, 5> kQuestions = {"event", "entry", "entity", "history", "pledge"};

std::string escaped(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\' || c == '\n') out += '\\';
    out += c == '\n' ? 'n' : c;
  }
  return out;
}

// Malformed escapes come back as other text than was read, which parse() then refuses.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool escape = text[i] == '\\' && i + 1 < text.size();
    out += escape ? (text[++i] == 'n' ? '\n' : text[i]) : text[i];
  }
  return out;
}

void putBlock(std::string& out, std::string_view word, std::string_view text) {
  out += fmt::format("{} {}\n{}", word, std::count(text.begin(), text.end(), '\n'), text);
}

void putPath(std::string& out, std::string_view word, const std::vector<Digest>& path) {
  out += fmt::format("{} {}\n", word, path.size());
  for (const Digest& hash : path) {
    out += crypto::toBase64(hash);
    out += '\n';
  }
}

void putEntry(std::string& out, std::string_view word, const ProofEntry& entry) {
  out += fmt::format("{} {} {}\n", word, entry.entry.index, crypto::toBase64(entry.entry.encode()));
  putPath(out, "path", entry.path);
  if (entry.event) out += fmt::format("event {}\n", crypto::toBase64(*entry.event));
  if (!entry.submission) return;
  putBlock(out, "submission", entry.submission->note);
  putPath(out, "place", entry.submission->path);
}

// Walks the lines of a file and says which one is wrong.
class ProofLines {
 public:
  explicit ProofLines(std::string_view text) : rest_(text) {}

  bool atEnd() const { return rest_.empty(); }
  bool nextIs(std::string_view word) const {
    return rest_.starts_with(word) && rest_.size() > word.size() &&
           (rest_[word.size()] == ' ' || rest_[word.size()] == '\n');
  }

  // What follows "word " on the next line.
  Result<std::string_view> field(std::string_view word) {
    std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    if (end == rest_.npos || !nextIs(word)) return bad(fmt::format("expected '{}'", word));
    rest_.remove_prefix(end + 1);
    ++number_;
    line.remove_prefix(word.size());
    if (!line.empty()) line.remove_prefix(1);
    return line;
  }
  Result<std::size_t> count(std::string_view word, std::size_t most) {
    PL_TRY(std::string_view text, field(word));
    auto value = parseDecimal(text, word);
    if (!value.ok() || *value > most) return bad(fmt::format("'{}': expected a number of at most {}", word, most));
    return static_cast<std::size_t>(*value);
  }
  // A number of lines, as they stand.
  Result<std::string> block(std::string_view word, std::size_t mostBytes) {
    PL_TRY(std::size_t lines, count(word, mostBytes));
    std::size_t size = 0;
    for (std::size_t i = 0; i < lines; ++i, ++number_) {
      size = rest_.find('\n', size) + 1;
      if (size == 0 || size > mostBytes) return bad(fmt::format("'{}': {} lines do not follow", word, lines));
    }
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }
  Result<std::vector<Digest>> path(std::string_view word, std::size_t most) {
    PL_TRY(std::size_t hashes, count(word, most));
    std::vector<Digest> path(hashes);
    for (Digest& hash : path) {
      std::size_t end = std::min(rest_.find('\n'), rest_.size());
      auto parsed = crypto::parseBase64Digest(rest_.substr(0, end));
      if (!parsed.ok() || end == rest_.size()) return bad("expected a hash in base64");
      hash = *parsed;
      rest_.remove_prefix(end + 1);
      ++number_;
    }
    return path;
  }
  Result<Bytes> bytes(std::string_view base64) {
    auto parsed = crypto::parseBase64(base64);
    if (!parsed.ok()) return bad(parsed.error().message.en);
    return parsed;
  }
  Error bad(const std::string& what) const {
    return rejected("BadFormat", fmt::format("line {}: {}", number_, what),
                    fmt::format("第 {} 行格式错误（{}）", number_, what));
  }

 private:
  std::string_view rest_;
  std::size_t number_ = 1;
};

Result<ProofEntry> parseEntry(ProofLines& lines, std::string_view word) {
  PL_TRY(std::string_view head, lines.field(word));
  ProofEntry entry;
  PL_TRY(Bytes bytes, lines.bytes(head.substr(std::min(head.find(' ') + 1, head.size()))));
  auto decoded = Entry::decode(bytes);
  if (!decoded.ok()) return lines.bad(decoded.error().message.en);
  entry.entry = *decoded;
  PL_TRY(entry.path, lines.path("path", kMaxLogPath));
  if (lines.nextIs("event")) {
    PL_TRY(std::string_view event, lines.field("event"));
    PL_TRY(entry.event, lines.bytes(event));
  }
  if (lines.nextIs("submission")) {
    entry.submission.emplace();
    PL_TRY(entry.submission->note, lines.block("submission", kMaxNoteBytes));
    PL_TRY(entry.submission->path, lines.path("place", kMaxLogPath));
  }
  return entry;
}

Result<ProofEntity> parseEntity(ProofLines& lines) {
  ProofEntity entity;
  PL_TRY(std::string_view key, lines.field("entity"));
  entity.key = unescaped(key);
  PL_TRY(entity.map.siblings, lines.path("map", kMaxMapPath));
  if (!lines.nextIs("absent")) {
    PL_TRY(entity.record, lines.block("record", kMaxProofBytes));
    return entity;
  }
  PL_TRY(std::string_view other, lines.field("absent"));
  if (other.empty()) return entity;
  std::size_t space = std::min(other.find(' '), other.size());
  auto keyHash = crypto::parseBase64Digest(other.substr(0, space));
  auto valueHash = crypto::parseBase64Digest(other.substr(std::min(space + 1, other.size())));
  if (!keyHash.ok() || !valueHash.ok()) return lines.bad("expected two hashes in base64 after 'absent'");
  entity.map.otherLeaf = std::pair(*keyHash, *valueHash);
  return entity;
}

Result<Question> parseQuestion(ProofLines& lines) {
  PL_TRY(std::string_view text, lines.field("ask"));
  std::size_t space = std::min(text.find(' '), text.size());
  auto known = std::find(kQuestions.begin(), kQuestions.end(), text.substr(0, space));
  if (known == kQuestions.end() || space == text.size())
    return lines.bad("expected 'ask event|entry|entity|history|pledge SUBJECT'");
  return Question{static_cast<Question::Kind>(known - kQuestions.begin()), unescaped(text.substr(space + 1))};
}

}  // namespace

std::string ProofFile::serialize() const {
  std::string out = fmt::format("{}\nsuite {}\nask {} {}\n", kProofMagic, crypto::suiteName(suite),
                                kQuestions[static_cast<std::size_t>(question.kind)], escaped(question.subject));
  putBlock(out, "checkpoint", checkpoint);
  for (const Bytes& token : timestamps) out += fmt::format("timestamp {}\n", crypto::toBase64(token));
  for (const ProofEntry& rotation : rotations) putEntry(out, "rotation", rotation);
  for (const ProofEntry& entry : entries) putEntry(out, "entry", entry);
  for (const ProofEntity& entity : entities) {
    out += fmt::format("entity {}\n", escaped(entity.key));
    putPath(out, "map", entity.map.siblings);
    if (entity.record) {
      putBlock(out, "record", *entity.record);
    } else if (const auto& other = entity.map.otherLeaf) {
      out += fmt::format("absent {} {}\n", crypto::toBase64(other->first), crypto::toBase64(other->second));
    } else {
      out += "absent\n";
    }
  }
  return out;
}

Result<ProofFile> ProofFile::parse(std::string_view text) {
  ProofLines lines(text);
  if (text.size() > kMaxProofBytes) return lines.bad("a proof file has at most 64 MiB");
  ProofFile file;
  PL_TRY(std::string_view nothing, lines.field(kProofMagic));
  PL_TRY(std::string_view suiteText, lines.field("suite"));
  auto suite = crypto::parseSuite(suiteText);
  if (!suite.ok() || !nothing.empty()) return lines.bad("expected the magic line and a suite");
  file.suite = *suite;
  PL_TRY(file.question, parseQuestion(lines));
  PL_TRY(file.checkpoint, lines.block("checkpoint", kMaxNoteBytes));
  while (lines.nextIs("timestamp")) {
    PL_TRY(std::string_view base64, lines.field("timestamp"));
    PL_TRY(Bytes token, lines.bytes(base64));
    file.timestamps.push_back(std::move(token));
  }
  while (lines.nextIs("rotation")) {
    PL_TRY(ProofEntry rotation, parseEntry(lines, "rotation"));
    file.rotations.push_back(std::move(rotation));
  }
  while (lines.nextIs("entry")) {
    PL_TRY(ProofEntry entry, parseEntry(lines, "entry"));
    file.entries.push_back(std::move(entry));
  }
  while (lines.nextIs("entity")) {
    PL_TRY(ProofEntity entity, parseEntity(lines));
    file.entities.push_back(std::move(entity));
  }
  if (!lines.atEnd()) return lines.bad("expected 'timestamp', 'rotation', 'entry', 'entity' or the end");
  // One spelling: what was read is what would be written.
  if (file.serialize() != text)
    return rejected("NotCanonical", "the file is spelled in another way than proofs are written", "文件写法不规范");
  return file;
}

}  // namespace pilotledger::proof
