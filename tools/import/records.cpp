#include "tools/import/records.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tools/import/xml.h"

namespace pilotledger::import {
namespace {

constexpr std::size_t kMaxPaths = 2000;
constexpr std::size_t kMaxTableCells = 10'000'000;
constexpr std::size_t kMaxNesting = 200;
constexpr const char* kRecord = "@record";  // the number of the record, by which its parts are joined

// JSON as the same tree, without reading its numbers.
class JsonTree : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonTree() { path_.emplace_back(); }
  bool null() override { return leaf(""); }
  bool boolean(bool value) override { return leaf(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return leaf(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return leaf(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& written) override { return leaf(written); }
  bool string(string_t& value) override { return leaf(value); }
  bool binary(binary_t&) override { return false; }
  bool key(string_t& value) override {
    path_.back().key = value;
    return true;
  }
  bool start_object(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    problem =
        invalidInput(fmt::format("not JSON at byte {}", position), fmt::format("第 {} 字节处不是 JSON", position));
    return false;
  }
  XmlNode takeRoot() { return std::move(path_.front().node); }
  std::optional<Error> problem;

 private:
  struct Level {
    XmlNode node;
    std::string key;
    bool array = false;
  };
  std::string nameHere() const { return path_.back().key.empty() ? "item" : path_.back().key; }
  bool grows() {
    bool good = ++count_ <= kMaxXmlElements && path_.size() <= kMaxNesting;
    if (!good) problem = invalidInput("too many elements, or nested too deep", "元素过多或嵌套过深");
    return good;
  }
  bool leaf(std::string text) {
    if (!grows()) return false;
    XmlNode node;
    node.name = nameHere();
    node.text = std::move(text);
    path_.back().node.children.push_back(std::move(node));
    return true;
  }
  // An array is no level of its own: its elements bear its name.
  bool open(bool array) {
    if (!grows()) return false;
    Level level;
    level.array = array;
    level.key = array ? path_.back().key : "";
    if (array && path_.back().array) level.key.clear();
    level.node.name = nameHere();
    path_.push_back(std::move(level));
    return true;
  }
  bool close() {
    Level done = std::move(path_.back());
    path_.pop_back();
    auto& children = path_.back().node.children;
    if (done.array) {
      std::move(done.node.children.begin(), done.node.children.end(), std::back_inserter(children));
    } else {
      children.push_back(std::move(done.node));
    }
    return true;
  }
  std::vector<Level> path_;
  std::size_t count_ = 0;
};

Result<XmlNode> parseJsonTree(const std::string& text) {
  JsonTree tree;
  bool lines = false;  // JSON Lines: a document on each line
  if (nlohmann::json::sax_parse(text, &tree)) return tree.takeRoot();
  auto whole = std::move(tree.problem);
  JsonTree several;
  std::size_t number = 0;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t end = std::min(text.find('\n', from), text.size());
    std::string line = text.substr(from, end - from);
    from = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    if (!nlohmann::json::sax_parse(line, &several)) {
      if (!lines) break;
      return std::move(*several.problem).within(fmt::format("line {}", number), fmt::format("第 {} 行", number));
    }
    lines = true;
  }
  if (lines) return several.takeRoot();
  return std::move(*whole);
}

void collect(const XmlNode& node, std::string_view path, std::vector<const XmlNode*>& found) {
  std::string_view first = path.substr(0, path.find('/'));
  for (const XmlNode& child : node.children) {
    if (child.name != first) continue;
    if (first.size() == path.size()) {
      found.push_back(&child);
    } else {
      collect(child, path.substr(first.size() + 1), found);
    }
  }
}

using Cells = std::vector<std::pair<std::string, std::string>>;  // path, text; in order of appearance

void put(Cells& cells, std::unordered_map<std::string, std::size_t>& known, const std::string& path,
         const std::string& text) {
  auto [at, fresh] = known.emplace(path, cells.size());
  if (fresh) {
    cells.emplace_back(path, text);
  } else {
    cells[at->second].second += "\n" + text;
  }
}

void flatten(const XmlNode& node, const std::string& prefix, Cells& cells,
             std::unordered_map<std::string, std::size_t>& known) {
  for (const auto& [name, value] : node.attributes) put(cells, known, prefix + "@" + name, value);
  if (prefix.empty()) {
    put(cells, known, ".", node.text);
  } else if (node.children.empty() || !node.text.empty()) {
    put(cells, known, prefix.substr(0, prefix.size() - 1), node.text);
  }
  for (const XmlNode& child : node.children) flatten(child, prefix + child.name + "/", cells, known);
}

// Rows of one kind of element, each with the number of its record.
class TableBuilder {
 public:
  void add(const XmlNode& node, std::size_t record) {
    Cells cells{{kRecord, std::to_string(record)}};
    std::unordered_map<std::string, std::size_t> known;
    Cells own;
    flatten(node, "", own, known);
    CsvRow row;
    row.line = record;
    std::move(own.begin(), own.end(), std::back_inserter(cells));
    for (const auto& [path, text] : cells) {
      auto [at, fresh] = places_.emplace(path, columns_.size());
      if (fresh) columns_.push_back(path);
      if (row.cells.size() <= at->second) row.cells.resize(at->second + 1);
      if (path != kRecord && !text.empty()) row.raw += (row.raw.empty() ? "" : "; ") + path + "=" + text;
      row.cells[at->second] = text;
    }
    rows_.push_back(std::move(row));
  }
  Result<CsvTable> table(const std::string& name) && {
    if (places_.empty()) columns_ = {kRecord};
    if (columns_.size() > kMaxPaths || columns_.size() * rows_.size() > kMaxTableCells)
      return invalidInput(fmt::format("{}: more than {} columns or {} cells", name, kMaxPaths, kMaxTableCells),
                          fmt::format("{}：超过 {} 列或 {} 个单元格", name, kMaxPaths, kMaxTableCells));
    return CsvTable::of(std::move(columns_), std::move(rows_), name, Width::Padded);
  }

 private:
  std::vector<std::string> columns_;
  std::unordered_map<std::string, std::size_t> places_;
  std::vector<CsvRow> rows_;
};

Result<XmlNode> parseTree(const std::string& bytes, const Rules& rules) {
  std::size_t first = bytes.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  bool json = first != bytes.npos && (bytes[first] == '{' || bytes[first] == '[');
  XmlNode top;
  if (json) {
    PL_TRY(std::string text, toUtf8(bytes.substr(first), rules.encoding));
    return parseJsonTree(text);
  }
  PL_TRY(XmlNode root, parseXml(bytes));
  top.children.push_back(std::move(root));
  return top;
}

Result<std::vector<XmlNode>> recordsOf(const InputFile& file, const Rules& rules) {
  auto top = parseTree(file.bytes, rules);
  if (!top.ok()) return std::move(top).error().within(file.name);
  std::vector<const XmlNode*> found;
  collect(*top, rules.record, found);
  if (found.empty()) {  // a document at the top has no name in JSON
    for (const XmlNode& document : top->children) collect(document, rules.record, found);
  }
  std::vector<XmlNode> records;
  for (const XmlNode* one : found) records.push_back(*one);
  if (!records.empty()) return records;
  return invalidInput(fmt::format("{}: nothing at {}", file.name, rules.record),
                      fmt::format("{}：{} 处没有内容", file.name, rules.record));
}

}  // namespace

Result<Input> readRecords(const std::vector<InputFile>& files, const Rules& rules) {
  TableBuilder main;
  std::map<std::string, TableBuilder> parts;
  for (const JoinRule& join : rules.joins) {
    if (!join.path.empty()) parts[join.name];
  }
  std::vector<std::pair<std::string, Message>> unread;
  std::size_t number = 0;
  for (const InputFile& file : files) {
    auto trees = recordsOf(file, rules);
    if (!trees.ok() && files.size() == 1) return std::move(trees).error();
    if (!trees.ok()) {
      unread.emplace_back(file.name, trees.error().message);
      continue;
    }
    for (XmlNode& record : *trees) {
      ++number;
      if (files.size() > 1) {
        record.attributes.emplace_back("file.name", file.name);
        record.attributes.emplace_back("file.hash", file.hash);
      }
      main.add(record, number);
      for (const JoinRule& join : rules.joins) {
        if (join.path.empty()) continue;
        std::vector<const XmlNode*> found;
        collect(record, join.path, found);
        for (const XmlNode* one : found) parts[join.name].add(*one, number);
      }
    }
  }
  std::string name = files.size() == 1 ? files.front().name : fmt::format("{} files", files.size());
  PL_TRY(CsvTable table, std::move(main).table(name));
  Input input{std::move(table), {}, 0, std::move(unread), {}};
  for (auto& [join, builder] : parts) {
    PL_TRY(CsvTable one, std::move(builder).table(name + " " + join));
    input.parts.emplace(join, std::move(one));
  }
  return input;
}

}  // namespace pilotledger::import
