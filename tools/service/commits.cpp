#include "tools/service/commits.h"

#include "events/base/byte_fields.h"

namespace pilotledger::service {
namespace {

constexpr std::uint8_t kVersion = 1;

}  // namespace

Result<WrittenPage> writeCommitPage(const ledger::Ledger& ledger, std::uint64_t from) {
  FieldWriter out;
  out.number(kVersion, 1);
  out.number(ledger.size(), 8);
  std::int64_t newest = 0;
  if (ledger.size() > 0) {
    PL_TRY(proof::Entry entry, ledger.entry(ledger.size() - 1));
    newest = entry.recordedAtMs;
  }
  out.number(static_cast<std::uint64_t>(newest), 8);
  std::uint64_t size = from;
  PL_CHECK(ledger.eachCommit(from, [&](const ledger::SignedCommit& commit) {
    size = commit.size;
    out.number(commit.size, 8);
    out.text(commit.note);
    out.text(commit.batch);
    return out.size() < kCommitPageBytes;
  }));
  return WrittenPage{out.take(), size};
}

Result<CommitPage> readCommitPage(std::string_view bytes) {
  FieldReader in(bytes);
  bool known = in.number(1) == kVersion;
  CommitPage page;
  page.entries = in.number(8);
  page.newestRecordedAtMs = static_cast<std::int64_t>(in.number(8));
  while (known && in.more()) {
    std::uint64_t size = in.number(8);
    std::string_view note = in.text();
    page.commits.push_back({size, std::string(note), std::string(in.text())});
  }
  if (known && in.done()) return page;
  return makeError(ErrorCode::Unavailable, "the answer is no page of commits; the server may be of another version",
                   "答复不是提交分页；服务器版本可能不同");
}

}  // namespace pilotledger::service
