#include "ledger/tlog/checkpoint.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "ledger/tlog/rejection.h"

namespace pilotledger::proof {

Result<std::uint64_t> parseDecimal(std::string_view text, std::string_view what) {
  std::uint64_t value = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || std::to_string(value) != text) {
    return invalidInput(fmt::format("{}: expected a plain decimal number, found '{}'", what, text.substr(0, 40)),
                        fmt::format("{}：应为十进制整数，实为“{}”", what, text.substr(0, 40)));
  }
  return value;
}

std::string Checkpoint::body() const { return fmt::format("{}\n{}\n{}\n", origin, size, crypto::toBase64(root)); }

Result<Checkpoint> Checkpoint::parseBody(std::string_view body) {
  std::vector<std::string_view> lines;
  while (!body.empty() && lines.size() < 4) {
    std::size_t end = body.find('\n');
    if (end == body.npos) break;
    lines.push_back(body.substr(0, end));
    body.remove_prefix(end + 1);
  }
  if (lines.size() != 3 || !body.empty() || lines[0].empty()) {
    return invalidInput("checkpoint: expected three lines: origin, size, root", "检查点应为三行：来源、大小、根");
  }
  Checkpoint checkpoint;
  checkpoint.origin = lines[0];
  PL_TRY(checkpoint.size, parseDecimal(lines[1], "checkpoint size"));
  PL_TRY(checkpoint.root, crypto::parseBase64Digest(lines[2]));
  return checkpoint;
}

Result<std::string> signCheckpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key,
                                   const crypto::SigningKey* outgoing) {
  Note note;
  note.text = checkpoint.body();
  if (outgoing != nullptr) {
    PL_TRY(NoteSignature before, signNote(note.text, *outgoing));
    note.signatures.push_back(std::move(before));
  }
  PL_TRY(NoteSignature signature, signNote(note.text, key));
  note.signatures.push_back(std::move(signature));
  return note.serialize();
}

Result<Checkpoint> openCheckpoint(std::string_view text, const crypto::VerifyKey& key,
                                  std::string_view expectedOrigin) {
  PL_TRY(Note note, Note::parse(text));
  PL_CHECK(verifyNote(note, key));
  PL_TRY(Checkpoint checkpoint, Checkpoint::parseBody(note.text));
  if (checkpoint.origin != expectedOrigin) {
    return rejected("WrongOrigin", fmt::format("expected {}, found {}", expectedOrigin, checkpoint.origin),
                    fmt::format("来源应为 {}，实为 {}", expectedOrigin, checkpoint.origin));
  }
  return checkpoint;
}

Result<Checkpoint> readCheckpoint(std::string_view text) {
  PL_TRY(Note note, Note::parse(text));
  return Checkpoint::parseBody(note.text);
}

}  // namespace pilotledger::proof
