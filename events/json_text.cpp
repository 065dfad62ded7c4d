// From JSON text to a value, within the limits of json.h.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "events/base/text.h"
#include "events/json.h"

namespace pilotledger::events {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxDepth = 32;

Error badJson(const std::string& what, const std::string& zh) { return invalidInput("JSON: " + what, "JSON：" + zh); }

Status checkEncoding(std::string_view text) {
  if (text.size() > kMaxJsonBytes) {
    return badJson(fmt::format("expected at most {} bytes, found {}", kMaxJsonBytes, text.size()),
                   fmt::format("最长 {} 字节，实为 {} 字节", kMaxJsonBytes, text.size()));
  }
  if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
    return badJson("expected UTF-8, found UTF-16; save the file as UTF-8",
                   "应为 UTF-8 编码，实为 UTF-16；请将文件另存为 UTF-8");
  }
  if (text.starts_with("\xef\xbb\xbf")) return badJson("a byte order mark before the value", "值之前有字节序标记");
  if (std::size_t at = text.find('\0'); at != text.npos) {  // the library would take it for the end
    return badJson(fmt::format("a NUL character at byte {}; if the file is UTF-16, save it as UTF-8", at),
                   fmt::format("第 {} 字节处有 NUL 字符；若文件为 UTF-16 编码，请另存为 UTF-8", at));
  }
  return {};
}

// Builds the value as it is read and stops at the first fault, so that no input costs more than its size.
class JsonBuilder final : public nlohmann::json_sax<Json> {
 public:
  Json take() { return std::move(root_); }
  Error fault() { return std::move(*fault_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(number_integer_t value) override { return add(value); }
  bool number_unsigned(number_unsigned_t value) override { return add(value); }
  bool number_float(number_float_t value, const string_t&) override { return add(value); }
  bool string(string_t& value) override { return add(std::move(value)); }
  bool binary(binary_t&) override { return refuse("binary", "不支持二进制"); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Json& object = *open_.back();
    if (object.size() >= kMaxJsonKeys) {
      return refuse(fmt::format("an object of more than {} keys", kMaxJsonKeys),
                    fmt::format("一个对象的键超过 {} 个", kMaxJsonKeys));
    }
    auto [at, fresh] = object.emplace(name, nullptr);
    if (!fresh)
      return refuse(fmt::format("duplicate key '{}'", shortened(name)), fmt::format("键“{}”重复", shortened(name)));
    member_ = &at.value();
    return true;
  }

  bool parse_error(std::size_t at, const std::string&, const nlohmann::json::exception& exception) override {
    std::string_view what = exception.what();  // "[json.exception.parse_error.101] parse error at ..."
    what.remove_prefix(std::min(what.size(), what.find("] ") + 2));
    return refuse(std::string(what), fmt::format("第 {} 字节处不合语法（{}）", at, what));
  }

 private:
  // Where the next value belongs.
  Json& place() {
    if (open_.empty()) return root_;
    if (open_.back()->is_object()) return *member_;
    open_.back()->push_back(nullptr);
    return open_.back()->back();
  }
  bool add(Json value) {
    place() = std::move(value);
    return true;
  }
  bool open(Json empty) {
    if (open_.size() >= kMaxDepth)
      return refuse(fmt::format("nested deeper than {}", kMaxDepth), fmt::format("嵌套超过 {} 层", kMaxDepth));
    Json& made = place();
    made = std::move(empty);
    open_.push_back(&made);
    return true;
  }
  bool close() {
    open_.pop_back();
    return true;
  }
  bool refuse(const std::string& what, const std::string& zh) {
    if (!fault_) fault_ = badJson(what, zh);
    return false;
  }

  Json root_;
  std::vector<Json*> open_;  // the objects and arrays around the next value
  Json* member_ = nullptr;   // of the innermost object, waiting for its value
  std::optional<Error> fault_;
};

}  // namespace

Result<Json> parseJson(std::string_view text) {
  PL_CHECK(checkEncoding(text));
  JsonBuilder builder;
  if (Json::sax_parse(text, &builder)) return builder.take();
  return builder.fault();
}

}  // namespace pilotledger::events
