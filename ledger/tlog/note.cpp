#include "ledger/tlog/note.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/crypto/encoding.h"

namespace pilotledger::proof {
namespace {

constexpr std::string_view kDash = "\xe2\x80\x94 ";  // U+2014 and a space

Error badNote(std::string_view why) {
  return invalidInput(fmt::format("signed note: {}", why), fmt::format("签名文本格式错误：{}", why));
}

struct SignatureLine {
  std::string_view name, base64;
};

Result<SignatureLine> splitLine(std::string_view line) {
  if (!line.starts_with(kDash)) return badNote("expected a signature line that begins with '— '");
  line.remove_prefix(kDash.size());
  std::size_t space = line.find(' ');
  if (space == line.npos) return badNote("expected 'name base64' in a signature line");
  return SignatureLine{line.substr(0, space), line.substr(space + 1)};
}

// Where the signature lines begin.
Result<std::size_t> signatureLines(std::string_view note) {
  std::size_t gap = note.rfind("\n\n");
  if (gap == note.npos) return badNote("no empty line before the signatures");
  if (gap + 2 == note.size() || note.back() != '\n') return badNote("no signature, or no newline at the end");
  return gap + 2;
}

std::uint32_t keyIdOf(ByteView blob) {
  return static_cast<std::uint32_t>(blob[0]) << 24 | static_cast<std::uint32_t>(blob[1]) << 16 |
         static_cast<std::uint32_t>(blob[2]) << 8 | blob[3];
}

Result<NoteSignature> parseSignature(std::string_view text) {
  PL_TRY(SignatureLine line, splitLine(text));
  NoteSignature signature;
  signature.name = line.name;
  PL_CHECK(crypto::checkKeyName(signature.name));
  PL_TRY(Bytes blob, crypto::parseBase64(line.base64));
  if (blob.size() < 5) return badNote("signature too short");
  signature.keyId = keyIdOf(blob);
  signature.signature.assign(blob.begin() + 4, blob.end());
  return signature;
}

}  // namespace

std::string NoteSignature::keyName() const { return fmt::format("{}+{:08x}", name, keyId); }

Result<Note> Note::parse(std::string_view note) {
  if (note.size() > kMaxNoteBytes) return badNote("longer than 1 MiB");
  if (std::any_of(note.begin(), note.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; })) {
    return badNote("control character");
  }
  PL_TRY(std::size_t lines, signatureLines(note));
  Note parsed;
  parsed.text = note.substr(0, lines - 1);
  std::string_view rest = note.substr(lines);
  while (!rest.empty()) {
    std::size_t end = rest.find('\n');
    PL_TRY(NoteSignature signature, parseSignature(rest.substr(0, end)));
    for (const NoteSignature& other : parsed.signatures) {
      if (other.name == signature.name && other.keyId == signature.keyId) {
        return badNote("two signatures by " + signature.keyName());
      }
    }
    parsed.signatures.push_back(std::move(signature));
    if (parsed.signatures.size() > kMaxNoteSignatures) return badNote("more than 64 signatures");
    rest.remove_prefix(end + 1);
  }
  return parsed;
}

Result<std::vector<std::string>> signersNamed(std::string_view note) {
  PL_TRY(std::size_t lines, signatureLines(note));
  std::vector<std::string> names;
  for (std::string_view rest = note.substr(lines); !rest.empty(); rest.remove_prefix(rest.find('\n') + 1)) {
    PL_TRY(SignatureLine line, splitLine(rest.substr(0, rest.find('\n'))));
    PL_TRY(Bytes head, crypto::parseBase64(line.base64.substr(0, 8)));  // six bytes, of which four are the id
    if (head.size() < 5) return badNote("signature too short");
    names.push_back(fmt::format("{}+{:08x}", line.name, keyIdOf(head)));
  }
  return names;
}

std::string Note::serialize() const {
  std::string out = text;
  out += '\n';
  for (const NoteSignature& s : signatures) {
    Bytes blob;
    for (int shift = 24; shift >= 0; shift -= 8) blob.push_back(static_cast<std::uint8_t>(s.keyId >> shift));
    blob.insert(blob.end(), s.signature.begin(), s.signature.end());
    out += kDash;
    out += s.name;
    out += ' ';
    out += crypto::toBase64(blob);
    out += '\n';
  }
  return out;
}

const NoteSignature* Note::findSignature(const crypto::VerifyKey& key) const {
  for (const NoteSignature& s : signatures) {
    if (s.keyId == key.id() && s.name == key.name()) return &s;
  }
  return nullptr;
}

Result<std::string> withSignaturesOf(std::string_view note, std::string_view other) {
  if (other.empty()) return std::string(note);
  PL_TRY(Note one, Note::parse(note));
  PL_TRY(Note two, Note::parse(other));
  if (one.text != two.text) return std::string(note);
  for (NoteSignature& signature : two.signatures) {
    auto same = [&](const NoteSignature& known) {
      return known.name == signature.name && known.keyId == signature.keyId;
    };
    if (std::none_of(one.signatures.begin(), one.signatures.end(), same))
      one.signatures.push_back(std::move(signature));
  }
  return one.serialize();
}

Result<NoteSignature> signNote(std::string_view text, const crypto::SigningKey& key) {
  if (text.empty() || text.back() != '\n') return badNote("the text must end with a newline");
  PL_TRY(Bytes signature, key.sign(viewOf(text)));
  return NoteSignature{key.verifyKey().name(), key.verifyKey().id(), std::move(signature)};
}

Status verifyNote(const Note& note, const crypto::VerifyKey& key) {
  const NoteSignature* signature = note.findSignature(key);
  if (signature == nullptr) {
    return makeError(ErrorCode::NotFound, fmt::format("UnknownKey: not signed by {}+{}", key.name(), key.idHex()),
                     fmt::format("没有密钥 {}+{} 的签名", key.name(), key.idHex()));
  }
  return key.verify(viewOf(note.text), signature->signature);
}

}  // namespace pilotledger::proof
