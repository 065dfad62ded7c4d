#include "query/report/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "events/base/civil_date.h"
#include "ledger/crypto/encoding.h"
#include "ledger/tlog/note.h"
#include "query/answer/findings.h"
#include "query/report/report.h"

namespace pilotledger::query {
namespace {

using Lines = std::vector<std::pair<std::string, std::string>>;
constexpr std::string_view kNoteFirst = "pilotledger/report/v1\n";
constexpr std::string_view kFileFirst = "pilotledger/report-file/v1\n";

Error badFile(const std::string& why, const std::string& whyZh) {
  return invalidInput("report: " + why, "报告：" + whyZh);
}

std::string csvLine(const ledger::Ledger& ledger, std::string_view csv) {
  return fmt::format("{} {} {}", crypto::suiteName(ledger.suite()),
                     crypto::toHex(crypto::hash(ledger.suite(), viewOf(csv))), csv.size());
}

Lines linesOf(const ledger::Ledger& ledger, const Table& table, std::string_view csv) {
  Lines lines = {{"origin", ledger.origin()}, {"view", fmt::format("{} {}", table.name, table.version)}};
  for (const auto& [name, value] : table.parameters) lines.emplace_back("parameter", name + " " + value);
  lines.emplace_back("position", std::to_string(table.at.position));
  lines.emplace_back("root", crypto::toBase64(table.at.root));
  lines.emplace_back("on", table.at.on);
  if (table.at.onlyUntil) lines.emplace_back("until", table.at.on);
  lines.emplace_back("policy", policyVersion(table.at.policy));
  lines.emplace_back("csv", csvLine(ledger, csv));
  return lines;
}

std::string textOf(const Lines& lines) {
  std::string text(kNoteFirst);
  for (const auto& [name, value] : lines) text += name + " " + value + "\n";
  return text;
}

struct ReportFile {
  proof::Note note;
  Lines lines;
  std::string csv;

  std::string get(std::string_view name) const {
    auto at = std::find_if(lines.begin(), lines.end(), [&](const auto& line) { return line.first == name; });
    return at == lines.end() ? "" : at->second;
  }
};

Result<ReportFile> parseFile(std::string_view bytes) {
  if (!bytes.starts_with(kFileFirst)) {
    return badFile("expected the first line pilotledger/report-file/v1", "首行应为 pilotledger/report-file/v1");
  }
  bytes.remove_prefix(kFileFirst.size());
  std::size_t length = 0;
  auto [end, failure] = std::from_chars(bytes.data(), bytes.data() + std::min<std::size_t>(bytes.size(), 10), length);
  auto digits = static_cast<std::size_t>(end - bytes.data());
  if (failure != std::errc() || digits >= bytes.size() || bytes[digits] != '\n' || length > bytes.size() - digits - 1) {
    return badFile("the second line is not the length of the note", "次行不是签名部分的长度");
  }
  bytes.remove_prefix(digits + 1);
  ReportFile file;
  PL_TRY(file.note, proof::Note::parse(bytes.substr(0, length)));
  file.csv = bytes.substr(length);
  std::string_view text = file.note.text;
  if (!text.starts_with(kNoteFirst))
    return badFile("expected a note of pilotledger/report/v1", "签名内容应以 pilotledger/report/v1 开头");
  text.remove_prefix(kNoteFirst.size());
  while (!text.empty()) {
    std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    std::size_t space = line.find(' ');
    if (space == line.npos)
      return badFile(fmt::format("line '{}' has no value", line), fmt::format("行“{}”没有值", line));
    file.lines.emplace_back(line.substr(0, space), line.substr(space + 1));
    text.remove_prefix(newline + 1);
  }
  return file;
}

// Rows of cells; a quoted cell keeps its line breaks.
std::vector<std::vector<std::string>> cellsOf(std::string_view csv) {
  std::vector<std::vector<std::string>> rows(1);
  std::string cell;
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    char c = csv[i];
    if (quoted) {
      bool doubled = c == '"' && i + 1 < csv.size() && csv[i + 1] == '"';
      if (c != '"' || doubled) cell += c;
      if (doubled) ++i;
      quoted = c != '"' || doubled;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',' || c == '\n') {
      rows.back().push_back(std::move(cell));
      cell.clear();
      if (c == '\n') rows.emplace_back();
    } else {
      cell += c;
    }
  }
  if (!cell.empty()) rows.back().push_back(std::move(cell));
  if (rows.back().empty()) rows.pop_back();
  return rows;
}

// The first cell of the report that is not what the ledger gives.
std::optional<Message> firstDifference(const std::string& reported, const std::string& recomputed) {
  auto found = cellsOf(reported), expected = cellsOf(recomputed);
  for (std::size_t r = 0; r < std::min(found.size(), expected.size()); ++r) {
    for (std::size_t c = 0; c < std::max(found[r].size(), expected[r].size()); ++c) {
      std::string is = c < found[r].size() ? found[r][c] : "(none)",
                  should = c < expected[r].size() ? expected[r][c] : "(none)";
      if (is == should) continue;
      std::string column = c < expected[0].size() ? expected[0][c] : std::to_string(c + 1);
      return Message{fmt::format("row {}, column {}: expected '{}', found '{}'", r, column, should, is),
                     fmt::format("第 {} 行，{} 列：应为“{}”，实为“{}”", r, column, should, is)};
    }
  }
  if (found.size() != expected.size()) {
    return Message{fmt::format("expected {} rows, found {}", expected.size() - 1, found.empty() ? 0 : found.size() - 1),
                   fmt::format("应为 {} 行，实为 {} 行", expected.size() - 1, found.empty() ? 0 : found.size() - 1)};
  }
  if (reported != recomputed) return Message{"the same cells are spelled otherwise", "各格内容相同而写法不同"};
  return std::nullopt;
}

struct Holder {
  crypto::VerifyKey key;
  std::string party;
  std::optional<std::int64_t> revoked;
};

// All that the ledger knows of the key now: a report may be signed long after its position.
Result<std::optional<Holder>> findHolder(ReadModel& model, const proof::NoteSignature& signature) {
  PL_TRY(Statement rows,
         model.prepare("SELECT b.key, coalesce(n.name || ' (' || b.party || ')', b.party), (SELECT min(r.entry_index) "
                       "FROM key_revoked r WHERE r.key = b.key) "
                       "FROM key_bound b LEFT JOIN party_name n ON n.party = b.party ORDER BY b.entry_index DESC"));
  while (true) {
    PL_TRY(bool row, rows.step());
    if (!row) return std::optional<Holder>();
    auto key = crypto::VerifyKey::parse(rows.text(0));
    if (!key.ok() || key->name() + "+" + key->idHex() != signature.keyName()) continue;
    Value revoked = rows.value(2);
    const auto* entry = std::get_if<std::int64_t>(&revoked);
    return std::optional(Holder{*key, rows.text(1), entry == nullptr ? std::nullopt : std::optional(*entry)});
  }
}

Status checkSigners(ReadModel& model, const proof::Note& note, ReportCheck& check) {
  PL_TRY(AsOf now, model.asOf(""));
  PL_CHECK(model.show(now));
  for (const proof::NoteSignature& signature : note.signatures) {
    std::string name = signature.keyName();
    PL_TRY(auto holder, findHolder(model, signature));
    if (!holder) {
      check.problems.push_back({fmt::format("signature by {}: this ledger binds no such key", name),
                                fmt::format("{} 的签名：账本中没有该密钥", name)});
      continue;
    }
    if (auto status = proof::verifyNote(note, holder->key); !status.ok()) {
      check.problems.push_back(
          {fmt::format("signature by {} does not verify: the header was changed after signing", name),
           fmt::format("{} 的签名验证失败：签名后报告头被改动", name)});
      continue;
    }
    check.signers.push_back({holder->party + ", " + name, holder->party + "，" + name});
    if (holder->revoked) {
      check.problems.push_back({fmt::format("the key {} was revoked by entry {}", name, *holder->revoked),
                                fmt::format("密钥 {} 已由第 {} 条吊销", name, *holder->revoked)});
    }
  }
  if (note.signatures.empty()) check.problems.push_back({"nobody has signed", "无人签名"});
  return {};
}

FindingFilter findingFilter(const Parameters& parameters) {
  auto get = [&](const char* name) {
    auto at = parameters.find(name);
    return at == parameters.end() ? std::string() : at->second;
  };
  return {get("severity"), get("code"), {}, get("entity"), get("from"), get("to")};
}

Result<Table> recompute(const ledger::Ledger& ledger, ReadModel& model, const ReportFile& file) {
  std::uint64_t position = 0;
  std::string text = file.get("position");
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), position);
  if (failure != std::errc() || end != text.data() + text.size())
    return badFile("position is not a number", "位置不是数字");
  if (position == 0 || position > ledger.size()) {
    return makeError(ErrorCode::NotFound,
                     fmt::format("report at position {}: this ledger has {} entries", position, ledger.size()),
                     fmt::format("报告位置为 {}：本账本共 {} 条", position, ledger.size()));
  }
  PL_TRY(AsOf at, model.asOf(std::to_string(position - 1), file.get("until")));
  Parameters parameters;
  for (const auto& [name, value] : file.lines) {
    std::size_t space = value.find(' ');
    if (name == "parameter") parameters[value.substr(0, space)] = space == value.npos ? "" : value.substr(space + 1);
  }
  std::string view = file.get("view");
  view.erase(std::min(view.find(' '), view.size()));
  if (view != kFindingsName) return runView(model, at, view, parameters);
  return runFindings(model, at, findingFilter(parameters));
}

}  // namespace

Result<std::string> certifyReport(const ledger::Ledger& ledger, const Table& table, const crypto::SigningKey& key) {
  for (const auto& [name, value] : table.parameters) {
    if (value.find('\n') != value.npos) return badFile("a parameter has a line break", "参数中有换行");
  }
  if (!table.reader.empty()) return badFile("rows for one reader are not certified", "不能签署仅供特定读者的内容");
  if (findView(table.name) == nullptr && table.name != kFindingsName)
    return badFile("only views and findings are certified, found " + table.name,
                   "只能签署视图与审计发现，实为 " + table.name);
  std::string csv = renderCsv(table);
  proof::Note note{textOf(linesOf(ledger, table, csv)), {}};
  PL_TRY(proof::NoteSignature signature, proof::signNote(note.text, key));
  note.signatures.push_back(std::move(signature));
  std::string bytes = note.serialize();
  return std::string(kFileFirst) + std::to_string(bytes.size()) + "\n" + bytes + csv;
}

Result<ReportCheck> verifyReport(const ledger::Ledger& ledger, ReadModel& model, std::string_view bytes) {
  PL_TRY(ReportFile file, parseFile(bytes));
  ReportCheck check;
  check.header = file.lines;
  if (file.get("origin") != ledger.origin()) {
    return makeError(ErrorCode::InvalidInput,
                     fmt::format("report of ledger '{}'; this one is '{}'", file.get("origin"), ledger.origin()),
                     fmt::format("报告属于账本“{}”，当前为“{}”", file.get("origin"), ledger.origin()));
  }
  PL_CHECK(checkSigners(model, file.note, check));
  if (file.get("csv") != csvLine(ledger, file.csv)) {
    check.problems.push_back({"the rows are not those that were signed", "各行内容与签名时不符"});
  }
  PL_TRY(Table table, recompute(ledger, model, file));
  std::string csv = renderCsv(table);
  for (const auto& [name, expected] : linesOf(ledger, table, csv)) {
    if (name == "csv" || name == "parameter" || file.get(name) == expected) continue;
    check.problems.push_back({fmt::format("{}: expected {}, found {}", name, expected, file.get(name)),
                              fmt::format("{}：应为 {}，实为 {}", name, expected, file.get(name))});
  }
  if (auto difference = firstDifference(file.csv, csv)) check.problems.push_back(*difference);
  check.good = check.problems.empty();
  return check;
}

}  // namespace pilotledger::query
