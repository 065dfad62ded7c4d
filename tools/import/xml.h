// XML of others, read by expat: any prefix, any encoding that expat or iconv knows. A document type declaration is
// refused, so no entity is ever resolved. Names are local names; the namespace stands beside them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "events/base/result.h"

namespace pilotledger::import {

struct XmlElement {
  std::string space;  // its namespace, "" when it has none
  std::string name;
  std::vector<std::pair<std::string, std::string>> attributes;  // local name, value

  std::string_view attribute(std::string_view wanted) const;  // "" when absent
};

// Is told of each element in the order of the document; an error stops the parser and becomes its answer.
class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual Status open(const XmlElement& element) = 0;
  virtual Status text(std::string_view piece) = 0;  // in pieces of any length
  virtual Status close(std::string_view name) = 0;
};

// Takes a document piece by piece. Not for several threads.
class XmlParser {
 public:
  // `encoding`: "" trusts the document's own declaration.
  explicit XmlParser(XmlHandler& handler, const std::string& encoding = {});
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;
  // InvalidInput with line and column when it is no XML, has a DOCTYPE, or is nested deeper than 200.
  Status feed(std::string_view bytes);
  Status finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A whole document as a tree, at most `kMaxXmlElements` elements.
struct XmlNode : XmlElement {
  std::string text;  // of its own, without that of its children; outer white space removed
  std::vector<XmlNode> children;

  // The first element along "Acct/Id/IBAN", whatever its namespace; an empty node when there is none.
  const XmlNode& at(std::string_view path) const;
  bool has(std::string_view path) const;
  std::vector<const XmlNode*> all(std::string_view name) const;  // children of that name
};

inline constexpr std::size_t kMaxXmlElements = 2'000'000;

Result<XmlNode> parseXml(std::string_view bytes);

}  // namespace pilotledger::import
