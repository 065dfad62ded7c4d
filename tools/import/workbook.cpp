#include "tools/import/workbook.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "tools/import/workbook_cells.h"
#include "tools/import/xml.h"
#include "tools/import/zip_parts.h"

namespace pilotledger::import {
namespace {

constexpr std::size_t kMaxColumns = 2000;
constexpr std::size_t kMaxRow = 1'048'576;
constexpr std::size_t kMaxCells = 10'000'000;  // with those left empty between
constexpr std::uint64_t kMaxTextBytes = 256u << 20;
constexpr std::size_t kMaxMergedCells = 100'000;

Error beyond(const std::string& what, const std::string& whatZh) {
  return invalidInput("beyond the limit of " + what, "超过上限：" + whatZh);
}

std::string folderOf(const std::string& part) {
  std::size_t slash = part.rfind('/');
  return slash == part.npos ? "" : part.substr(0, slash + 1);
}

// A target of a relationship, from the folder of the part that has it: "../x.xml", "/xl/x.xml".
std::string resolved(const std::string& folder, std::string target) {
  std::replace(target.begin(), target.end(), '\\', '/');
  std::string path = target.starts_with('/') ? target.substr(1) : folder + target;
  std::vector<std::string> steps;
  for (std::size_t from = 0; from <= path.size();) {
    std::size_t end = std::min(path.find('/', from), path.size());
    std::string step = path.substr(from, end - from);
    if (step == ".." && !steps.empty()) {
      steps.pop_back();
    } else if (!step.empty() && step != "." && step != "..") {
      steps.push_back(step);
    }
    from = end + 1;
  }
  return fmt::format("{}", fmt::join(steps, "/"));
}

struct Relationship {
  std::string id, type, target;  // type: its last word, which both editions of the standard share
};

Result<std::vector<Relationship>> relationshipsOf(ZipParts& parts, const std::string& part) {
  std::string folder = folderOf(part);
  std::string name = folder + "_rels/" + part.substr(folder.size()) + ".rels";
  std::vector<Relationship> all;
  if (!parts.has(name)) return all;
  PL_TRY(std::string bytes, parts.whole(name));
  auto root = parseXml(bytes);
  if (!root.ok()) return std::move(root).error().within(name);
  for (const XmlNode* one : root->all("Relationship")) {
    if (one->attribute("TargetMode") == "External") continue;
    std::string type(one->attribute("Type"));
    all.push_back({std::string(one->attribute("Id")), type.substr(type.rfind('/') + 1),
                   resolved(folder, std::string(one->attribute("Target")))});
  }
  return all;
}

std::string partOfType(const std::vector<Relationship>& all, std::string_view type) {
  for (const Relationship& one : all) {
    if (one.type == type) return one.target;
  }
  return {};
}

// Texts of <si>: its <t>, and those of its runs; what says how to pronounce them is left out.
class SharedStrings : public XmlHandler {
 public:
  Status open(const XmlElement& element) override {
    if (element.name == "si") current_.clear();
    if (element.name == "rPh") phonetic_ = true;
    taking_ = element.name == "t" && !phonetic_;
    return {};
  }
  Status text(std::string_view piece) override {
    if (taking_) current_ += piece;
    return {};
  }
  Status close(std::string_view name) override {
    if (name == "t") taking_ = false;
    if (name == "rPh") phonetic_ = false;
    if (name == "si") texts.push_back(withoutEscapes(current_));
    return {};
  }
  std::vector<std::string> texts;

 private:
  std::string current_;
  bool taking_ = false, phonetic_ = false;
};

// For each cell style, whether it shows a day.
Result<std::vector<bool>> datesOfStyles(ZipParts& parts, const std::string& part) {
  std::vector<bool> dates;
  if (part.empty() || !parts.has(part)) return dates;
  PL_TRY(std::string bytes, parts.whole(part));
  auto root = parseXml(bytes);
  if (!root.ok()) return std::move(root).error().within(part);
  std::map<std::string, bool> own;
  for (const XmlNode* format : root->at("numFmts").all("numFmt"))
    own[std::string(format->attribute("numFmtId"))] = isDateFormat(format->attribute("formatCode"));
  for (const XmlNode* style : root->at("cellXfs").all("xf")) {
    std::string id(style->attribute("numFmtId"));
    auto known = own.find(id);
    dates.push_back(known != own.end() ? known->second : isDateFormat(static_cast<unsigned>(std::atoi(id.c_str()))));
  }
  return dates;
}

struct Merge {
  std::size_t left = 0, top = 0, right = 0, bottom = 0;
};

// The rows of one worksheet part.
class SheetReader : public XmlHandler {
 public:
  SheetReader(const std::vector<std::string>& shared, const std::vector<bool>& dates, bool from1904)
      : shared_(shared), dates_(dates), from1904_(from1904) {}

  Status open(const XmlElement& element) override {
    if (element.name == "row") return openRow(element);
    if (element.name == "c") return openCell(element);
    if (element.name == "mergeCell") return addMerge(element.attribute("ref"));
    if (element.name == "f") formula_ = true;
    if (element.name == "rPh") phonetic_ = true;
    taking_ = inCell_ && !phonetic_ && (element.name == "v" || element.name == "t");
    if (taking_ && element.name == "v") hasValue_ = true;
    return {};
  }
  Status text(std::string_view piece) override {
    if (taking_) value_ += piece;
    return {};
  }
  Status close(std::string_view name) override {
    if (name == "v" || name == "t") taking_ = false;
    if (name == "rPh") phonetic_ = false;
    if (name == "c") return closeCell();
    if (name == "row") return closeRow();
    return {};
  }

  Result<std::vector<CsvRow>> rows() && {
    PL_CHECK(spreadMerged());
    for (CsvRow& row : rows_) {
      for (const std::string& cell : row.cells) row.raw += (row.raw.empty() ? "" : ",") + csvQuoted(cell);
    }
    std::erase_if(rows_, [](const CsvRow& row) {
      return row.doubtful.empty() && row.merged.empty() &&
             std::all_of(row.cells.begin(), row.cells.end(), [](const auto& c) { return c.empty(); });
    });
    return std::move(rows_);
  }

 private:
  Status openRow(const XmlElement& element) {
    std::size_t number = 0;
    std::string text(element.attribute("r"));
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty()) number = row_ + 1;  // some writers leave it out
    if ((!text.empty() && (failed != std::errc() || end != text.data() + text.size())) || number <= row_ ||
        number > kMaxRow)
      return invalidInput(fmt::format("row '{}' after row {}", text, row_),
                          fmt::format("第 {} 行之后出现行号“{}”", row_, text));
    row_ = number;
    column_ = 0;
    rows_.emplace_back();
    rows_.back().line = number;
    return {};
  }
  Status openCell(const XmlElement& element) {
    if (rows_.empty()) return invalidInput("a cell outside of a row", "单元格不在行内");
    std::size_t row = row_;
    std::string_view address = element.attribute("r");
    std::size_t at = column_;
    if (!address.empty() && (!parseAddress(address, at, row) || row != row_ || at < column_))
      return invalidInput(fmt::format("row {}: address '{}'", row_, address),
                          fmt::format("第 {} 行：地址“{}”有误", row_, address));
    if (at >= kMaxColumns) return beyond(fmt::format("{} columns", kMaxColumns), fmt::format("{} 列", kMaxColumns));
    column_ = at;
    type_ = element.attribute("t");
    style_ = static_cast<std::size_t>(std::max(0, std::atoi(std::string(element.attribute("s")).c_str())));
    value_.clear();
    formula_ = hasValue_ = false;
    inCell_ = true;
    return {};
  }
  Status closeCell() {
    inCell_ = false;
    auto read = valueOf();
    if (!read.ok()) {
      doubt(column_, std::move(read).error().message);
    } else if (!read->empty()) {
      PL_CHECK(put(column_, std::move(*read)));
    }
    ++column_;
    return {};
  }
  Status closeRow() { return {}; }

  Status put(std::size_t column, std::string text) {
    auto& cells = rows_.back().cells;
    slots_ += column + 1 - std::min(cells.size(), column + 1);
    bytes_ += text.size();
    if (slots_ > kMaxCells) return beyond(fmt::format("{} cells", kMaxCells), fmt::format("{} 个单元格", kMaxCells));
    if (bytes_ > kMaxTextBytes)
      return beyond(fmt::format("{} MiB of text", kMaxTextBytes >> 20),
                    fmt::format("文本 {} MiB", kMaxTextBytes >> 20));
    cells.resize(std::max(cells.size(), column + 1));
    cells[column] = std::move(text);
    return {};
  }
  void doubt(std::size_t column, Message why) {
    std::string address = addressOf(column, row_);
    rows_.back().doubtful.emplace_back(column, Message{address + ": " + why.en, address + "：" + why.zh});
  }

  static std::string outerTrimmed(std::string_view text) {
    std::size_t from = text.find_first_not_of(" \t\r\n");
    if (from == text.npos) return {};
    return std::string(text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1));
  }

  Result<std::string> valueOf() const {
    std::string text =
        type_ == "inlineStr" || type_ == "str" ? outerTrimmed(withoutEscapes(value_)) : outerTrimmed(value_);
    if (formula_ && (!hasValue_ || (text.empty() && type_ != "str")))
      return invalidInput("a formula without a stored value: open the workbook and save it again",
                          "公式没有保存计算结果：请打开后重新保存");
    if (text.empty() || type_ == "inlineStr" || type_ == "str") return text;
    if (type_ == "s") {
      std::size_t at = 0;
      auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), at);
      if (failed != std::errc() || end != text.data() + text.size() || at >= shared_.size())
        return invalidInput("a text that the workbook does not hold", "所引用的文本不存在");
      return outerTrimmed(shared_[at]);
    }
    if (type_ == "e") return invalidInput("an error, " + text, "错误值 " + text);
    if (type_ == "b") return std::string(text == "1" || text == "true" ? "true" : "false");
    if (type_ == "d") return text.size() > 10 && text[10] == 'T' ? text.substr(0, 10) + " " + text.substr(11) : text;
    if (!type_.empty() && type_ != "n")
      return invalidInput("a cell of an unknown type " + type_, "未知的单元格类型 " + type_);
    return style_ < dates_.size() && dates_[style_] ? dateOfSerial(text, from1904_) : plainOfNumber(text);
  }

  Status addMerge(std::string_view range) {
    Merge merge;
    std::size_t colon = range.find(':');
    if (colon == range.npos) return {};
    if (!parseAddress(range.substr(0, colon), merge.left, merge.top) ||
        !parseAddress(range.substr(colon + 1), merge.right, merge.bottom))
      return invalidInput(fmt::format("a merged range '{}'", range), fmt::format("合并区域“{}”有误", range));
    merges_.push_back(merge);
    return {};
  }

  // To every cell of a merged range the text of its first, and the doubt that it may not be meant for each row.
  Status spreadMerged() {
    std::map<std::size_t, CsvRow*> byNumber;
    for (CsvRow& row : rows_) byNumber[row.line] = &row;
    std::size_t spread = 0;
    for (const Merge& merge : merges_) {
      auto top = byNumber.find(merge.top);
      if (top == byNumber.end() || merge.left >= top->second->cells.size()) continue;
      std::string text = top->second->cells[merge.left];
      if (text.empty()) continue;
      std::string first = addressOf(merge.left, merge.top);
      for (auto row = top; row != byNumber.end() && row->first <= merge.bottom; ++row) {
        for (std::size_t column = merge.left; column <= std::min(merge.right, kMaxColumns); ++column) {
          if (row->first == merge.top && column == merge.left) continue;
          if (++spread > kMaxMergedCells)
            return beyond(fmt::format("{} merged cells", kMaxMergedCells),
                          fmt::format("{} 个合并单元格", kMaxMergedCells));
          std::string address = addressOf(column, row->first);
          row->second->merged.emplace_back(column, text);
          row->second->doubtful.emplace_back(column, Message{fmt::format("{}: merged into {}", address, first),
                                                             fmt::format("{}：已并入 {}", address, first)});
        }
      }
    }
    return {};
  }

  const std::vector<std::string>& shared_;
  const std::vector<bool>& dates_;
  bool from1904_;
  std::vector<CsvRow> rows_;
  std::vector<Merge> merges_;
  std::size_t row_ = 0, column_ = 0, style_ = 0, slots_ = 0;
  std::uint64_t bytes_ = 0;
  std::string type_, value_;
  bool formula_ = false, hasValue_ = false, inCell_ = false, taking_ = false, phonetic_ = false;
};

// A part as a stream through one handler.
Status stream(ZipParts& parts, const std::string& part, XmlHandler& handler) {
  XmlParser parser(handler);
  auto status = parts.read(part, [&](std::string_view piece) { return parser.feed(piece); });
  if (status.ok()) status = parser.finish();
  if (!status.ok()) return std::move(status).error().within(part);
  return {};
}

class Workbook {
 public:
  explicit Workbook(std::unique_ptr<ZipParts> parts) : parts_(std::move(parts)) {}

  Result<std::vector<CsvRow>> read(const std::string& sheet) {
    PL_TRY(auto top, relationshipsOf(*parts_, ""));
    std::string book = partOfType(top, "officeDocument");
    if (book.empty() || !parts_->has(book))
      return invalidInput("a zip container that holds no workbook", "zip 容器中没有工作簿");
    PL_TRY(std::string bytes, parts_->whole(book));
    auto root = parseXml(bytes);
    if (!root.ok()) return std::move(root).error().within(book);
    PL_TRY(auto links, relationshipsOf(*parts_, book));
    std::string_view since = root->at("workbookPr").attribute("date1904");
    from1904_ = since == "1" || since == "true";
    std::string strings = partOfType(links, "sharedStrings");
    if (!strings.empty() && parts_->has(strings)) PL_CHECK(stream(*parts_, strings, shared_));
    PL_TRY(dates_, datesOfStyles(*parts_, partOfType(links, "styles")));
    return pick(root->at("sheets"), links, sheet);
  }

 private:
  Result<std::vector<CsvRow>> rowsOf(const XmlNode& sheet, const std::vector<Relationship>& links) {
    auto link = std::find_if(links.begin(), links.end(), [&](const auto& l) { return l.id == sheet.attribute("id"); });
    if (link == links.end() || link->type != "worksheet" || !parts_->has(link->target)) return std::vector<CsvRow>();
    SheetReader reader(shared_.texts, dates_, from1904_);
    PL_CHECK(stream(*parts_, link->target, reader));
    return std::move(reader).rows();
  }

  // The one asked for by name; else the only visible one that holds anything.
  Result<std::vector<CsvRow>> pick(const XmlNode& sheets, const std::vector<Relationship>& links,
                                   const std::string& wanted) {
    std::string names;
    std::vector<CsvRow> found;
    std::string foundName;
    for (const XmlNode* sheet : sheets.all("sheet")) {
      std::string name(sheet->attribute("name"));
      names += (names.empty() ? "" : ", ") + name;
      bool visible = sheet->attribute("state").empty() || sheet->attribute("state") == "visible";
      if (wanted.empty() ? !visible : name != wanted) continue;
      auto rows = rowsOf(*sheet, links);
      if (!rows.ok()) return std::move(rows).error().within(name);
      if (rows->empty()) continue;
      if (!found.empty())
        return invalidInput(
            fmt::format("two sheets hold something: {} and {}; say sheet in the rules", foundName, name),
            fmt::format("有两个非空工作表：{} 与 {}；请在规则中指定 sheet", foundName, name));
      found = std::move(*rows);
      foundName = name;
    }
    if (!found.empty()) return found;
    return invalidInput(
        wanted.empty() ? "no visible sheet holds anything"
                       : fmt::format("no sheet '{}' that holds anything; there are: {}", wanted, names),
        wanted.empty() ? "没有非空的可见工作表" : fmt::format("没有非空工作表“{}”；现有：{}", wanted, names));
  }

  std::unique_ptr<ZipParts> parts_;
  SharedStrings shared_;
  std::vector<bool> dates_;
  bool from1904_ = false;
};

}  // namespace

bool looksLikeWorkbook(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"); }

Result<std::vector<CsvRow>> readWorkbook(std::string_view bytes, const std::string& sheet, const std::string& name) {
  if (bytes.starts_with("\xD0\xCF\x11\xE0"))
    return invalidInput(name + ": an .xls or a workbook with a password; save it as .xlsx without one",
                        name + "：为 .xls 或加密工作簿；请另存为未加密的 .xlsx");
  auto parts = ZipParts::open(bytes);
  if (!parts.ok()) return std::move(parts).error().within(name);
  auto rows = Workbook(std::move(*parts)).read(sheet);
  if (!rows.ok()) return std::move(rows).error().within(name);
  return rows;
}

}  // namespace pilotledger::import
