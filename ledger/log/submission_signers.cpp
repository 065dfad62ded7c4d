#include "ledger/log/submission_signers.h"

#include <algorithm>
#include <future>
#include <string_view>
#include <unordered_map>

#include "ledger/tlog/note.h"

namespace pilotledger::ledger {
namespace {

using layout::Family;

std::uint64_t headOf(std::string_view digest) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < sizeof head; ++i) head = head << 8 | static_cast<std::uint8_t>(digest[i]);
  return head;
}

}  // namespace

Result<SubmissionSigners::Part> SubmissionSigners::readPart(const Store& store, std::size_t part) {
  Part out;
  std::unordered_map<std::string, std::uint32_t> known;
  std::string from(1, static_cast<char>((part * 256 + kParts - 1) / kParts));
  PL_CHECK(store.each(Family::Submission, from, [&](std::string_view key, std::string_view note) {
    if (partOf(static_cast<std::uint8_t>(key[0])) != part) return false;
    if (key.size() != sizeof(Digest)) return true;  // leaves of a submission
    auto names = proof::signersNamed(note);
    if (!names.ok()) return true;  // whoever needs it looks it up, and is told
    std::string joined;
    for (const std::string& name : *names) joined.append(name).push_back('\n');
    auto [at, made] = known.try_emplace(joined, static_cast<std::uint32_t>(out.names.size()));
    if (made) out.names.push_back(std::make_shared<const std::vector<std::string>>(std::move(*names)));
    out.heads.push_back(headOf(key));
    out.sets.push_back(at->second);
    return true;
  }));
  return out;
}

Result<SubmissionSigners> SubmissionSigners::read(const Store& store) {
  std::array<std::future<Result<Part>>, kParts> reading;
  for (std::size_t i = 0; i < kParts; ++i)
    reading[i] = std::async(std::launch::async, [&store, i] { return readPart(store, i); });
  SubmissionSigners all;
  for (std::size_t i = 0; i < kParts; ++i) {
    PL_TRY(all.parts_[i], reading[i].get());
  }
  return all;
}

SignerNames SubmissionSigners::of(const Digest& submission) const {
  const Part& part = parts_[partOf(submission[0])];
  auto [first, last] = std::equal_range(part.heads.begin(), part.heads.end(), headOf(textOf(submission)));
  if (last - first != 1) return nullptr;
  return part.names[part.sets[static_cast<std::size_t>(first - part.heads.begin())]];
}

}  // namespace pilotledger::ledger
