// Small workbooks for tests, part by part, as their writers put them into a zip container (stored, not deflated).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pilotledger {

inline std::uint32_t crc32Of(std::string_view bytes) {
  std::uint32_t crc = 0xffffffffu;
  for (char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1u) != 0 ? 0xedb88320u : 0u);
  }
  return ~crc;
}

using ZipPart = std::pair<std::string, std::string>;  // name, bytes

inline std::string storedZip(const std::vector<ZipPart>& parts) {
  auto number = [](std::uint64_t value, int bytes) {
    std::string out;
    for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i));
    return out;
  };
  std::string body, directory;
  for (const auto& [name, bytes] : parts) {
    std::string common = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(crc32Of(bytes), 4) +
                         number(bytes.size(), 4) + number(bytes.size(), 4) + number(name.size(), 2) + number(0, 2);
    directory += "PK\x01\x02" + number(20, 2) + common + number(0, 2) + number(0, 2) + number(0, 2) + number(0, 4) +
                 number(body.size(), 4) + name;
    body += "PK\x03\x04" + common + name + bytes;
  }
  return body + directory + "PK\x05\x06" + number(0, 2) + number(0, 2) + number(parts.size(), 2) +
         number(parts.size(), 2) + number(directory.size(), 4) + number(body.size(), 4) + number(0, 2);
}

struct WorkbookParts {
  std::string sheet;   // what stands in <worksheet>
  std::string shared;  // <si>... of the shared texts
  std::string book = R"(<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>)";
  std::string styles;  // <numFmts>... and <cellXfs>...
};

// Parts lie where this writer likes: only the relationships say where.
inline std::string workbookOf(const WorkbookParts& parts) {
  std::string relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
  std::string main =
      "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"" + relations + "\"";
  auto relation = [&](const std::string& id, const std::string& type, const std::string& target) {
    return "<Relationship Id=\"" + id + "\" Type=\"" + relations + "/" + type + "\" Target=\"" + target + "\"/>";
  };
  auto list = [](const std::string& inside) {
    return "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">" + inside +
           "</Relationships>";
  };
  return storedZip({{"_rels/.rels", list(relation("a", "officeDocument", "/b/book.xml"))},
                    {"b/book.xml", "<workbook " + main + ">" + parts.book + "</workbook>"},
                    {"b/_rels/book.xml.rels",
                     list(relation("r1", "worksheet", "../s/one.xml") + relation("r2", "worksheet", "../s/two.xml") +
                          relation("r3", "sharedStrings", "texts.xml") + relation("r4", "styles", "styles.xml"))},
                    {"b/texts.xml", "<sst " + main + ">" + parts.shared + "</sst>"},
                    {"b/styles.xml", "<styleSheet " + main + ">" + parts.styles + "</styleSheet>"},
                    {"s/two.xml", "<worksheet " + main + "><sheetData/></worksheet>"},
                    {"s/one.xml", "<worksheet " + main + ">" + parts.sheet + "</worksheet>"}});
}

}  // namespace pilotledger
