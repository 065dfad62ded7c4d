#include "ledger/proof/commitment.h"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/crypto/random.h"

namespace pilotledger::proof {
namespace {

bool hasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace

Status checkField(const SaltedField& field) {
  if (field.name.empty() || field.name.size() > kMaxFieldName || hasControl(field.name)) {
    return invalidInput(fmt::format("a field's name has 1 to {} bytes and no control characters", kMaxFieldName),
                        fmt::format("字段名为 1 至 {} 字节，不含控制字符", kMaxFieldName));
  }
  if (field.value.empty() || field.value.size() > kMaxFieldValue || hasControl(field.value)) {
    return invalidInput(fmt::format("field '{}': a value has at most {} bytes as JSON", field.name, kMaxFieldValue),
                        fmt::format("字段“{}”：值的 JSON 最长 {} 字节", field.name, kMaxFieldValue));
  }
  return {};
}

Digest fieldLeaf(SuiteId suite, const SaltedField& field) {
  Bytes leaf(field.salt.begin(), field.salt.end());
  leaf.push_back(static_cast<std::uint8_t>(field.name.size()));
  leaf.insert(leaf.end(), field.name.begin(), field.name.end());
  leaf.insert(leaf.end(), field.value.begin(), field.value.end());
  return leafHash(suite, leaf);
}

Status saltFields(std::vector<SaltedField>& fields) {
  if (fields.empty() || fields.size() > kMaxCommittedFields) {
    return invalidInput(fmt::format("expected 1 to {} fields, found {}", kMaxCommittedFields, fields.size()),
                        fmt::format("字段应为 1 至 {} 个，实为 {} 个", kMaxCommittedFields, fields.size()));
  }
  std::sort(fields.begin(), fields.end(), [](const SaltedField& a, const SaltedField& b) { return a.name < b.name; });
  for (std::size_t i = 0; i < fields.size(); ++i) {
    PL_CHECK(checkField(fields[i]));
    if (i > 0 && fields[i].name == fields[i - 1].name) {
      return invalidInput(fmt::format("field '{}' is there twice", fields[i].name),
                          fmt::format("字段“{}”重复", fields[i].name));
    }
    crypto::fillRandom(fields[i].salt);
  }
  return {};
}

Digest commitmentTo(SuiteId suite, std::span<const SaltedField> fields) {
  std::vector<Digest> leaves;
  for (const SaltedField& field : fields) leaves.push_back(fieldLeaf(suite, field));
  return treeRoot(suite, leaves);
}

}  // namespace pilotledger::proof
