#include "ledger/proof/disclosure.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "ledger/crypto/encoding.h"
#include "ledger/tlog/checkpoint.h"

namespace pilotledger::proof {
namespace {

constexpr std::size_t kMaxPath = 16;  // above the height of a tree of kMaxCommittedFields

// Takes lines "<word> <rest>" off the text in a fixed order.
class DisclosureLines {
 public:
  explicit DisclosureLines(std::string_view text) : rest_(text) {}
  bool done() const { return rest_.empty(); }

  Result<std::string_view> take(std::string_view word) {
    ++number_;
    std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    bool good = end != rest_.npos && line.starts_with(word) && (line.size() == word.size() || line[word.size()] == ' ');
    if (!good) return fault(fmt::format("expected '{}'", word), fmt::format("应为“{}”", word));
    rest_.remove_prefix(end + 1);
    return line.substr(std::min(line.size(), word.size() + 1));
  }

  Error fault(std::string en, std::string zh) const {
    return invalidInput(std::move(en), std::move(zh))
        .within(fmt::format("disclosure, line {}", number_), fmt::format("披露文件第 {} 行", number_));
  }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

template <typename Array>
Status hexInto(const DisclosureLines& lines, std::string_view text, Array& out) {
  auto bytes = crypto::parseHex(text);
  if (!bytes.ok() || bytes->size() != out.size()) {
    return lines.fault(fmt::format("expected {} hexadecimal digits", out.size() * 2),
                       fmt::format("应为 {} 位十六进制数", out.size() * 2));
  }
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return {};
}

Result<DisclosedField> takeField(DisclosureLines& lines) {
  DisclosedField one;
  PL_TRY(std::string_view head, lines.take("field"));
  std::size_t space = std::min(head.find(' '), head.size());
  PL_TRY(one.place, parseDecimal(head.substr(0, space), "place"));
  one.field.name = head.substr(std::min(head.size(), space + 1));
  PL_TRY(std::string_view value, lines.take("value"));
  one.field.value = value;
  PL_CHECK(checkField(one.field));
  PL_TRY(std::string_view salt, lines.take("salt"));
  PL_CHECK(hexInto(lines, salt, one.field.salt));
  PL_TRY(std::string_view path, lines.take("path"));
  while (!path.empty()) {
    std::size_t end = std::min(path.find(' '), path.size());
    PL_TRY(Digest sibling, crypto::parseBase64Digest(path.substr(0, end)));
    one.path.push_back(sibling);
    if (one.path.size() > kMaxPath) return lines.fault("the path is too long", "路径过长");
    path.remove_prefix(end == path.size() ? end : end + 1);
  }
  return one;
}

}  // namespace

std::string Disclosure::serialize() const {
  std::string text = fmt::format("{}\nsuite {}\norigin {}\nentry {}\ncommitment {}\nfields {}\n", kDisclosureMagic,
                                 crypto::suiteName(suite), origin, entry ? std::to_string(*entry) : "none",
                                 crypto::toHex(commitment), size);
  for (const DisclosedField& one : fields) {
    text += fmt::format("field {} {}\nvalue {}\nsalt {}\npath", one.place, one.field.name, one.field.value,
                        crypto::toHex(one.field.salt));
    for (const Digest& sibling : one.path) text += " " + crypto::toBase64(sibling);
    text += "\n";
  }
  return text;
}

Result<Disclosure> Disclosure::parse(std::string_view text) {
  Disclosure disclosure;
  DisclosureLines lines(text);
  PL_TRY(auto magic, lines.take(kDisclosureMagic));
  if (!magic.empty() || text.size() > kMaxDisclosureBytes)
    return lines.fault("not a disclosure file of this version", "不是本版本的披露文件");
  PL_TRY(auto suite, lines.take("suite"));
  PL_TRY(disclosure.suite, crypto::parseSuite(suite));
  PL_TRY(auto origin, lines.take("origin"));
  disclosure.origin = origin;
  PL_TRY(auto entry, lines.take("entry"));
  if (entry != "none") {
    PL_TRY(disclosure.entry, parseDecimal(entry, "entry"));
  }
  PL_TRY(auto commitment, lines.take("commitment"));
  PL_CHECK(hexInto(lines, commitment, disclosure.commitment));
  PL_TRY(auto size, lines.take("fields"));
  PL_TRY(disclosure.size, parseDecimal(size, "fields"));
  while (!lines.done()) {
    PL_TRY(DisclosedField one, takeField(lines));
    bool ascending = disclosure.fields.empty() || (disclosure.fields.back().place < one.place &&
                                                   disclosure.fields.back().field.name < one.field.name);
    if (!ascending)
      return lines.fault("fields must be in the order of their places and names", "字段须按位置和名称排序");
    disclosure.fields.push_back(std::move(one));
  }
  if (disclosure.fields.empty()) return lines.fault("no field is disclosed", "未披露任何字段");
  return disclosure;
}

Status Disclosure::verify() const {
  for (const DisclosedField& one : fields) {
    Status shown = verifyInclusion(suite, one.place, size, fieldLeaf(suite, one.field), one.path, commitment);
    if (!shown.ok())
      return std::move(shown).error().within(fmt::format("field '{}'", one.field.name),
                                             fmt::format("字段“{}”", one.field.name));
  }
  return {};
}

Result<Disclosure> disclose(SuiteId suite, std::span<const SaltedField> document, std::span<const std::string> names) {
  Disclosure disclosure;
  disclosure.suite = suite;
  disclosure.commitment = commitmentTo(suite, document);
  disclosure.size = document.size();
  std::vector<Digest> leaves;
  for (const SaltedField& field : document) leaves.push_back(fieldLeaf(suite, field));
  for (const std::string& name : std::set<std::string>(names.begin(), names.end())) {
    auto at =
        std::find_if(document.begin(), document.end(), [&](const SaltedField& field) { return field.name == name; });
    if (at == document.end()) {
      return makeError(ErrorCode::NotFound, fmt::format("the document has no field '{}'", name),
                       fmt::format("文档没有字段“{}”", name));
    }
    auto place = static_cast<std::uint64_t>(at - document.begin());
    disclosure.fields.push_back({place, *at, inclusionPath(suite, leaves, place)});
  }
  return disclosure;
}

}  // namespace pilotledger::proof
