#include "tools/import/xml.h"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "tools/import/csv.h"

namespace pilotledger::import {
namespace {

constexpr int kMaxDepth = 200;
constexpr char kBetween = '\n';  // namespace and local name; no URI holds it
constexpr std::size_t kPiece = 1u << 20;

void splitName(const char* full, std::string& space, std::string& name) {
  std::string_view text(full);
  std::size_t at = text.rfind(kBetween);
  space = at == text.npos ? std::string() : std::string(text.substr(0, at));
  name = std::string(at == text.npos ? text : text.substr(at + 1));
}

std::string_view withoutOuterSpace(std::string_view text) {
  std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == text.npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

}  // namespace

std::string_view XmlElement::attribute(std::string_view wanted) const {
  for (const auto& [key, value] : attributes) {
    if (key == wanted) return value;
  }
  return {};
}

struct XmlParser::State {
  XML_Parser parser = nullptr;
  XmlHandler* handler = nullptr;
  int depth = 0;
  std::optional<Error> error;

  void stop(Error why) {
    if (error) return;
    error = std::move(why);
    XML_StopParser(parser, XML_FALSE);
  }
  void take(Status status) {
    if (!status.ok()) stop(std::move(status).error());
  }
  static State& of(void* data) { return *static_cast<State*>(data); }

  static void onOpen(void* data, const XML_Char* full, const XML_Char** attributes) {
    State& state = of(data);
    if (state.error) return;
    if (++state.depth > kMaxDepth)
      return state.stop(
          invalidInput(fmt::format("nested deeper than {}", kMaxDepth), fmt::format("嵌套超过 {} 层", kMaxDepth)));
    XmlElement element;
    splitName(full, element.space, element.name);
    for (; *attributes != nullptr; attributes += 2) {
      std::string space, name;
      splitName(attributes[0], space, name);
      element.attributes.emplace_back(std::move(name), attributes[1]);
    }
    state.take(state.handler->open(element));
  }
  static void onClose(void* data, const XML_Char* full) {
    State& state = of(data);
    --state.depth;
    if (state.error) return;
    std::string space, name;
    splitName(full, space, name);
    state.take(state.handler->close(name));
  }
  static void onText(void* data, const XML_Char* text, int size) {
    State& state = of(data);
    if (!state.error) state.take(state.handler->text({text, static_cast<std::size_t>(size)}));
  }
  static void onDoctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
    of(data).stop(invalidInput("a document type declaration is refused", "不接受文档类型声明"));
  }

  Status parse(std::string_view bytes, bool last) {
    if (error) return *error;
    if (XML_Parse(parser, bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0) == XML_STATUS_OK) return {};
    auto line = XML_GetCurrentLineNumber(parser), column = XML_GetCurrentColumnNumber(parser) + 1;
    if (!error) {
      const char* why = XML_ErrorString(XML_GetErrorCode(parser));
      error = invalidInput(fmt::format("not XML: {}", why), fmt::format("不是 XML：{}", why));
    }
    error = std::move(*error).within(fmt::format("line {} column {}", line, column),
                                     fmt::format("第 {} 行第 {} 列", line, column));
    return *error;
  }
};

XmlParser::XmlParser(XmlHandler& handler, const std::string& encoding) : state_(std::make_unique<State>()) {
  state_->handler = &handler;
  state_->parser = XML_ParserCreateNS(encoding.empty() ? nullptr : encoding.c_str(), kBetween);
  PL_ASSERT(state_->parser != nullptr);
  XML_SetUserData(state_->parser, state_.get());
  XML_SetElementHandler(state_->parser, State::onOpen, State::onClose);
  XML_SetCharacterDataHandler(state_->parser, State::onText);
  XML_SetStartDoctypeDeclHandler(state_->parser, State::onDoctype);
}

XmlParser::~XmlParser() { XML_ParserFree(state_->parser); }

Status XmlParser::feed(std::string_view bytes) {
  for (; bytes.size() > kPiece; bytes.remove_prefix(kPiece)) PL_CHECK(state_->parse(bytes.substr(0, kPiece), false));
  return state_->parse(bytes, false);
}

Status XmlParser::finish() { return state_->parse({}, true); }

namespace {

const XmlNode& nothing() {
  static const XmlNode kNothing;
  return kNothing;
}

class TreeBuilder : public XmlHandler {
 public:
  Status open(const XmlElement& element) override {
    if (++count_ > kMaxXmlElements)
      return invalidInput(fmt::format("more than {} elements", kMaxXmlElements),
                          fmt::format("元素超过 {} 个", kMaxXmlElements));
    XmlNode node;
    static_cast<XmlElement&>(node) = element;
    path_.push_back(std::move(node));
    return {};
  }
  Status text(std::string_view piece) override {
    path_.back().text += piece;
    return {};
  }
  Status close(std::string_view) override {
    XmlNode done = std::move(path_.back());
    path_.pop_back();
    done.text = withoutOuterSpace(done.text);
    (path_.empty() ? root : path_.back().children.emplace_back()) = std::move(done);
    return {};
  }
  XmlNode root;

 private:
  std::vector<XmlNode> path_;
  std::size_t count_ = 0;
};

// The encoding that an XML declaration in ASCII names; "" when it names none.
std::string declaredEncoding(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) return {};
  std::string_view head = bytes.substr(0, 200);
  if (!head.starts_with("<?xml")) return {};
  head = head.substr(0, head.find("?>"));
  std::size_t at = head.find("encoding");
  std::size_t open = at == head.npos ? at : head.find_first_of("\"'", at);
  std::size_t close = open == head.npos ? open : head.find(head[open], open + 1);
  if (close == head.npos) return {};
  std::string name(head.substr(open + 1, close - open - 1));
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  return name;
}

}  // namespace

const XmlNode& XmlNode::at(std::string_view path) const {
  std::string_view first = path.substr(0, path.find('/'));
  for (const XmlNode& child : children) {
    if (child.name != first) continue;
    if (first.size() == path.size()) return child;
    const XmlNode& deeper = child.at(path.substr(first.size() + 1));
    if (&deeper != &nothing()) return deeper;
  }
  return nothing();
}

bool XmlNode::has(std::string_view path) const { return &at(path) != &nothing(); }

std::vector<const XmlNode*> XmlNode::all(std::string_view wanted) const {
  std::vector<const XmlNode*> found;
  for (const XmlNode& child : children) {
    if (child.name == wanted) found.push_back(&child);
  }
  return found;
}

Result<XmlNode> parseXml(std::string_view bytes) {
  static constexpr std::array<std::string_view, 5> kExpat = {"", "UTF-8", "UTF-16", "ISO-8859-1", "US-ASCII"};
  std::string encoding = declaredEncoding(bytes);
  std::string converted;
  bool foreign = std::find(kExpat.begin(), kExpat.end(), encoding) == kExpat.end();
  if (foreign) {
    PL_TRY(converted, toUtf8(std::string(bytes), encoding));
    bytes = converted;
  }
  TreeBuilder builder;
  XmlParser parser(builder, foreign ? "UTF-8" : "");
  PL_CHECK(parser.feed(bytes));
  PL_CHECK(parser.finish());
  return std::move(builder.root);
}

}  // namespace pilotledger::import
