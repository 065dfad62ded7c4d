#include "ledger/tlog/submission.h"

#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::proof {
namespace {

constexpr std::string_view kBodyHeaderV1 = "pilotledger/submission/v1";
constexpr std::string_view kBodyHeader = "pilotledger/submission/v2";
constexpr std::string_view kFileHeader = "pilotledger/submission-file/v1\n";

// An event of 65,528 bytes in base64: a longer line is refused before it takes memory.
constexpr std::size_t kMaxEventLine = (65'528 + 2) / 3 * 4;

Digest rootOf(SuiteId suite, const std::vector<Digest>& leaves) {
  MerkleFrontier frontier(suite);
  for (const Digest& leaf : leaves) frontier.append(leaf);
  return frontier.root();
}

// Takes the next line, without its newline.
std::optional<std::string_view> takeLine(std::string_view& rest) {
  std::size_t end = rest.find('\n');
  if (end == rest.npos) return std::nullopt;
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end + 1);
  return line;
}

Error badSubmission(std::string_view why) {
  return invalidInput(fmt::format("submission: {}", why), fmt::format("提交格式错误：{}", why));
}

Status requireCount(std::size_t count) {
  if (count >= 1 && count <= kMaxSubmissionEvents) return {};
  return invalidInput(fmt::format("submission: expected 1 to {} events, found {}", kMaxSubmissionEvents, count),
                      fmt::format("一次提交应含 1 至 {} 个事件，实为 {}", kMaxSubmissionEvents, count));
}

}  // namespace

std::string SubmissionBody::text() const {
  std::string named = ledger.foundingKey.empty()
                          ? fmt::format("{}\n{}\n", kBodyHeaderV1, ledger.origin)
                          : fmt::format("{}\n{}\n{}\n", kBodyHeader, ledger.origin, ledger.foundingKey);
  return fmt::format("{}{}\n{}\n", named, count, crypto::toBase64(root));
}

Result<SubmissionBody> SubmissionBody::parse(std::string_view text) {
  std::string_view rest = text;
  auto header = takeLine(rest);
  bool named = header == kBodyHeader;
  auto origin = takeLine(rest);
  auto key = named ? takeLine(rest) : std::nullopt;
  auto count = takeLine(rest);
  auto root = takeLine(rest);
  if (!root || !rest.empty() || (!named && *header != kBodyHeaderV1) || origin->empty()) {
    return badSubmission("expected the lines header, origin, founding key (from version 2 on), count, root");
  }
  SubmissionBody body;
  body.ledger.origin = *origin;
  if (named) {
    // Compared as text with the ledger's own, so it need not be a key here.
    if (!key->starts_with(std::string(*origin) + "+"))
      return badSubmission("the founding key is not named as the origin");
    body.ledger.foundingKey = *key;
  }
  PL_TRY(body.count, parseDecimal(*count, "number of events"));
  PL_CHECK(requireCount(body.count));
  PL_TRY(body.root, crypto::parseBase64Digest(*root));
  return body;
}

std::vector<Digest> Submission::leaves(SuiteId suite) const {
  std::vector<Digest> out;
  std::size_t left = 0;
  for (const Bytes& event : events)
    out.push_back(event.empty() && left < recorded.size() ? recorded[left++] : leafHash(suite, event));
  return out;
}

std::string Submission::serialize() const {
  std::string out = fmt::format("{}{}\n{}", kFileHeader, note.size(), note);
  for (const Bytes& event : events) {
    out += crypto::toBase64(event);
    out += '\n';
  }
  return out;
}

Result<Submission> Submission::parse(std::string_view file) {
  if (file.size() > kMaxSubmissionFileBytes) return badSubmission("larger than 256 MiB");
  if (!file.starts_with(kFileHeader))
    return badSubmission("expected the header " + std::string(kFileHeader.substr(0, 30)));
  std::string_view rest = file.substr(kFileHeader.size());
  auto length = takeLine(rest);
  if (!length) return badSubmission("no note length");
  PL_TRY(std::uint64_t size, parseDecimal(*length, "note length"));
  if (size > rest.size() || size > kMaxNoteBytes) return badSubmission("truncated note");
  Submission submission;
  submission.note = rest.substr(0, size);
  rest.remove_prefix(size);
  while (!rest.empty()) {
    auto line = takeLine(rest);
    if (!line) return badSubmission("truncated event line");
    if (line->size() > kMaxEventLine) return badSubmission("an event larger than 65,528 bytes");
    PL_TRY(Bytes event, crypto::parseBase64(*line));
    submission.events.push_back(std::move(event));
    if (submission.events.size() > kMaxSubmissionEvents) break;
  }
  PL_CHECK(requireCount(submission.events.size()));
  return submission;
}

Result<Submission> makeSubmission(SuiteId suite, const LedgerName& ledger, std::vector<Bytes> events,
                                  std::span<const crypto::SigningKey* const> keys) {
  PL_CHECK(requireCount(events.size()));
  Submission submission{{}, std::move(events)};
  Note note;
  note.text = SubmissionBody{ledger, submission.events.size(), rootOf(suite, submission.leaves(suite))}.text();
  for (const crypto::SigningKey* key : keys) {
    PL_TRY(NoteSignature signature, signNote(note.text, *key));
    note.signatures.push_back(std::move(signature));
  }
  submission.note = note.serialize();
  return submission;
}

Status addSignature(Submission& submission, const crypto::SigningKey& key) {
  PL_TRY(Note note, Note::parse(submission.note));
  if (note.findSignature(key.verifyKey()) != nullptr) {
    return makeError(ErrorCode::Conflict, fmt::format("{} has signed already", key.verifyKey().name()),
                     fmt::format("{} 已签名", key.verifyKey().name()));
  }
  PL_TRY(NoteSignature signature, signNote(note.text, key));
  note.signatures.push_back(std::move(signature));
  submission.note = note.serialize();
  return {};
}

Status requireMeantFor(const SubmissionBody& body, const LedgerName& ledger) {
  if (body.ledger.origin != ledger.origin) {
    return invalidInput(fmt::format("signed for the ledger '{}', this one is '{}'", body.ledger.origin, ledger.origin),
                        fmt::format("该提交是为账本“{}”签署的，本账本为“{}”", body.ledger.origin, ledger.origin));
  }
  if (body.ledger.foundingKey.empty() || ledger.foundingKey.empty() || body.ledger.foundingKey == ledger.foundingKey)
    return {};
  return invalidInput(fmt::format("signed for another ledger named '{}', founded by {}; this one was founded by {}",
                                  ledger.origin, body.ledger.foundingKey, ledger.foundingKey),
                      fmt::format("该提交是为另一同名账本“{}”签署的，其创始密钥为 {}；本账本的创始密钥为 {}",
                                  ledger.origin, body.ledger.foundingKey, ledger.foundingKey));
}

Result<Note> checkSubmission(SuiteId suite, const Submission& submission, const LedgerName& ledger) {
  PL_CHECK(requireCount(submission.events.size()));
  PL_TRY(Note note, Note::parse(submission.note));
  PL_TRY(SubmissionBody body, SubmissionBody::parse(note.text));
  PL_CHECK(requireMeantFor(body, ledger));
  if (body.count != submission.events.size()) {
    return invalidInput(fmt::format("the note names {} events, found {}", body.count, submission.events.size()),
                        fmt::format("签名文本载明 {} 个事件，实为 {}", body.count, submission.events.size()));
  }
  if (body.root != rootOf(suite, submission.leaves(suite))) {
    return invalidInput("the events are not those that were signed (the root differs)",
                        "事件与所签内容不一致（根不同）");
  }
  return note;
}

}  // namespace pilotledger::proof
