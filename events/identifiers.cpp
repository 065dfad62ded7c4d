#include "events/identifiers.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <array>

#include "events/base/civil_date.h"
#include "events/base/text.h"

namespace pilotledger::events {
namespace {

constexpr std::string_view kUsccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

bool isDigit(char c) { return c >= '0' && c <= '9'; }
bool isUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool allDigits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), isDigit); }

Error malformed(std::string_view what, std::string_view zhWhat, std::string_view found) {
  return invalidInput(fmt::format("expected {}, found '{}'", what, shortened(found)),
                      fmt::format("应为{}，实为“{}”", zhWhat, shortened(found)));
}

char usccCheck(std::string_view code) {
  int sum = 0;
  int weight = 1;
  for (char c : code.substr(0, 17)) {
    sum += static_cast<int>(kUsccAlphabet.find(c)) * weight;
    weight = weight * 3 % 31;
  }
  return kUsccAlphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

// Upper case without the separators that people put into numbers.
std::string squeeze(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("&nbsp;")) {
      i += 5;
    } else if (text.substr(i).starts_with("\xc2\xa0")) {
      i += 1;
    } else if (text[i] != ' ' && text[i] != '.' && text[i] != ',' && text[i] != '/') {
      out += text[i] >= 'a' && text[i] <= 'z' ? static_cast<char>(text[i] - 32) : text[i];
    }
  }
  return out;
}

Result<std::string> chinesePatent(std::string_view body, std::string_view raw) {
  // CN202011609221.0A: a kind code may follow the check character.
  if (body.size() == 14 && isUpper(body.back()) && body.back() != 'X') body.remove_suffix(1);
  bool modern = body.size() == 13;
  bool old = body.size() == 9;
  std::string_view digits = body.substr(0, body.empty() ? 0 : body.size() - 1);
  if ((!modern && !old) || !allDigits(digits) || (!isDigit(body.back()) && body.back() != 'X')) {
    return malformed("a Chinese patent number of 13 or 9 characters", "13 位或 9 位中国专利号", raw);
  }
  char kind = modern ? digits[4] : digits[2];
  if (std::string_view(modern ? "12389" : "12389").find(kind) == std::string_view::npos) {
    return malformed("a patent kind digit 1, 2, 3, 8 or 9", "专利种类码 1、2、3、8 或 9", raw);
  }
  char check = chinesePatentCheck(digits);
  if (check != body.back()) {
    return invalidInput(fmt::format("patent number {}: expected check character {}, found {}", raw, check, body.back()),
                        fmt::format("专利号 {} 校验位应为 {}，实为 {}", raw, check, body.back()));
  }
  return "CN" + std::string(body);
}

Result<std::string> usPatent(std::string_view body, std::string_view raw) {
  // A kind code B1 or B2 of a grant is dropped, S1, E1, P2 likewise.
  std::string text(body);
  std::size_t letters = 0;
  while (letters < text.size() && isUpper(text[letters])) ++letters;
  std::string prefix = text.substr(0, letters);
  std::string rest = text.substr(letters);
  std::size_t digits = 0;
  while (digits < rest.size() && isDigit(rest[digits])) ++digits;
  std::string number = rest.substr(0, digits);
  std::string suffix = rest.substr(digits);
  bool known = prefix.empty() || prefix == "D" || prefix == "RE" || prefix == "PP" || prefix == "H" || prefix == "T";
  if (!known || number.empty()) return malformed("a US patent number", "美国专利号", raw);
  if (prefix.empty() && suffix == "A" && number.size() <= 8) return "US" + number + "A";
  if (prefix.empty() && number.size() == 11 && (suffix == "A1" || suffix == "A2" || suffix == "A9" || suffix.empty())) {
    return "US" + number + (suffix.empty() ? "A1" : suffix);
  }
  bool kindCode =
      suffix.empty() || (suffix.size() <= 2 && std::string_view("BSEPHCA").find(suffix[0]) != std::string_view::npos);
  if (!kindCode || number.size() > 8) return malformed("a US patent number", "美国专利号", raw);
  // Leading zeros are a printing habit.
  number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
  return "US" + prefix + number;
}

bool isBetween(std::int32_t c, std::int32_t first, std::int32_t last) { return c >= first && c <= last; }

// Scripts some of whose letters are drawn like Latin ones.
bool isLookalikeScript(std::int32_t c) {
  bool greek = isBetween(c, 0x370, 0x3ff) || isBetween(c, 0x1f00, 0x1fff) || isBetween(c, 0x2c80, 0x2cff);
  bool cyrillic = isBetween(c, 0x400, 0x52f) || isBetween(c, 0x1c80, 0x1c8f) || isBetween(c, 0xa640, 0xa69f);
  bool others = isBetween(c, 0x530, 0x58f) || isBetween(c, 0x13a0, 0x13ff) || isBetween(c, 0xab70, 0xabbf) ||
                isBetween(c, 0xa4d0, 0xa4ff);
  return greek || cyrillic || others;
}

// Greek and Cyrillic letters that nobody tells from a Latin one; of the other scripts every letter counts as one.
bool isDrawnLikeLatin(std::int32_t c) {
  constexpr std::string_view kAlike = "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧονυκιαρсеуохарАВЕЅІЈКМНОРСТУХаеорсухіјѕԁԛԜԝһԌγ";
  if (!isBetween(c, 0x370, 0x52f)) return isLookalikeScript(c);
  utf8proc_uint8_t bytes[4];
  auto size = static_cast<std::size_t>(utf8proc_encode_char(c, bytes));
  return kAlike.find(std::string_view(reinterpret_cast<const char*>(bytes), size)) != std::string_view::npos;
}

Error lookalike(std::string_view text, std::int32_t c) {
  auto code = static_cast<unsigned>(c);
  return invalidInput(
      fmt::format(
          "'{}' has a character (U+{:04X}) that looks like a Latin letter or a digit 0 to 9 and is none; type it "
          "anew with Latin letters and digits",
          shortened(text), code),
      fmt::format("“{}”含有形似拉丁字母或数字的字符（U+{:04X}）；请改用拉丁字母和数字重新输入", shortened(text), code));
}

// What the letters of one word are, for requireOneScript().
struct WordLetters {
  bool latin = false;
  bool foreign = false;   // letters of a lookalike script
  bool distinct = false;  // one of them is unlike any Latin letter
  std::int32_t first = 0;
  bool deceives() const { return foreign && (latin || !distinct); }
  void add(std::int32_t c) {
    latin = latin || (c < 0x250 && !isLookalikeScript(c));
    if (!isLookalikeScript(c)) return;
    if (!foreign) first = c;
    foreign = true;
    distinct = distinct || !isDrawnLikeLatin(c);
  }
};

}  // namespace

Status requireOneScript(std::string_view id) {
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(id.data());
  auto size = static_cast<utf8proc_ssize_t>(id.size());
  WordLetters word;
  for (utf8proc_ssize_t at = 0; at < size;) {
    std::int32_t c = 0;
    utf8proc_ssize_t step = utf8proc_iterate(bytes + at, size - at, &c);
    if (step < 1) return malformed("UTF-8 text", "UTF-8 文本", id);
    at += step;
    utf8proc_category_t category = utf8proc_category(c);
    if (category == UTF8PROC_CATEGORY_ND && c > 0x7f) return lookalike(id, c);
    bool inWord =
        category == UTF8PROC_CATEGORY_ND || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO);
    if (inWord) {
      word.add(c);
      continue;
    }
    if (word.deceives()) return lookalike(id, word.first);
    word = {};
  }
  if (word.deceives()) return lookalike(id, word.first);
  return {};
}

bool looksLikeUscc(std::string_view text) {
  return text.size() == 18 && text.find_first_not_of(kUsccAlphabet) == text.npos;
}

Result<std::string> canonicalUscc(std::string_view text) {
  std::string code = squeeze(text);
  if (!looksLikeUscc(code)) {
    return malformed("a unified social credit code of 18 characters (no I, O, S, V, Z)",
                     "18 位统一社会信用代码（不含 I、O、S、V、Z）", text);
  }
  if (char check = usccCheck(code); check != code[17]) {
    return invalidInput(
        fmt::format("social credit code {}: expected check character {}, found {}", code, check, code[17]),
        fmt::format("统一社会信用代码 {} 校验位应为 {}，实为 {}", code, check, code[17]));
  }
  return code;
}

bool organisationCodeAgrees(std::string_view uscc) {
  static constexpr std::array<int, 8> kWeights = {3, 7, 9, 10, 5, 8, 4, 2};
  if (uscc.size() != 18) return false;
  int sum = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    char c = uscc[8 + i];
    sum += (isDigit(c) ? c - '0' : c - 'A' + 10) * kWeights[i];
  }
  int check = 11 - sum % 11;
  char expected = check == 10 ? 'X' : check == 11 ? '0' : static_cast<char>('0' + check);
  return uscc[16] == expected;
}

bool usccNamesDivision(std::string_view uscc) {
  static constexpr std::array<std::string_view, 37> kProvinces = {
      "10", "11", "12", "13", "14", "15", "21", "22", "23", "31", "32", "33", "34", "35", "36", "37", "41", "42", "43",
      "44", "45", "46", "50", "51", "52", "53", "54", "61", "62", "63", "64", "65", "66", "71", "81", "82", "99"};
  if (uscc.size() != 18 || !allDigits(uscc.substr(2, 6))) return false;
  return std::find(kProvinces.begin(), kProvinces.end(), uscc.substr(2, 2)) != kProvinces.end();
}

bool isIdentityCardNumber(std::string_view text) {
  static constexpr std::array<int, 17> kWeights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
  if (text.size() != 18 || !allDigits(text.substr(0, 17))) return false;
  std::string_view day = text.substr(6, 8);
  if (!parseCivilDate(fmt::format("{}-{}-{}", day.substr(0, 4), day.substr(4, 2), day.substr(6, 2))).ok()) return false;
  int sum = 0;
  for (std::size_t i = 0; i < kWeights.size(); ++i) sum += (text[i] - '0') * kWeights[i];
  char check = "10X98765432"[sum % 11];
  return text[17] == check || (check == 'X' && text[17] == 'x');
}

Result<std::string> canonicalParty(std::string_view text) {
  std::size_t colon = text.find(':');
  if (colon == text.npos) {
    if (looksLikeUscc(text)) return std::string(text);
    std::string code = squeeze(text);
    if (looksLikeUscc(code)) return code;
    return malformed("a party: 18-character social credit code, or scheme:id",
                     "主体代码：18 位统一社会信用代码或“体系:编号”", text);
  }
  std::string_view scheme = text.substr(0, colon);
  std::string_view id = text.substr(colon + 1);
  bool schemeGood = scheme.size() >= 2 && scheme.size() <= 16 && std::all_of(scheme.begin(), scheme.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || isDigit(c) || c == '-';
                    });
  bool idGood = !id.empty() && id.size() <= 240 && id.front() != ' ' && id.back() != ' ' && checkText(id).ok() &&
                id.find('\n') == id.npos;
  if (schemeGood && idGood) return std::string(text);
  return malformed("a party scheme:id with a scheme of a-z, 0-9, '-' and an id of 1 to 240 bytes",
                   "“体系:编号”形式的主体代码", text);
}

char chinesePatentCheck(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < digits.size(); ++i) sum += (digits[i] - '0') * static_cast<int>(i % 8 + 2);
  int check = sum % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

Result<std::string> canonicalIp(std::string_view raw) {
  bool slash = raw.find('/') != raw.npos;
  std::string text = squeeze(raw);
  std::string_view body = text;
  if (body.starts_with("ZL")) return chinesePatent(body.substr(2), raw);
  if (body.starts_with("CN")) return chinesePatent(body.substr(2), raw);
  if (body.starts_with("US") && body.size() > 2) {
    return usPatent(slash ? std::string(body.substr(2)) + "A" : std::string(body.substr(2)), raw);
  }
  if (slash && allDigits(body) && body.size() == 8) return "US" + text + "A";
  if (allDigits(body.substr(0, body.size() - std::min<std::size_t>(1, body.size()))) &&
      (body.size() == 13 || body.size() == 9)) {
    return chinesePatent(body, raw);
  }
  bool office = body.size() >= 4 && body.size() <= 40 && isUpper(body[0]) && isUpper(body[1]) &&
                std::any_of(body.begin(), body.end(), isDigit) &&
                std::all_of(body.begin(), body.end(), [](char c) { return isDigit(c) || isUpper(c) || c == '-'; });
  if (office) return text;
  return malformed("an IP number (ZL..., CN..., US..., or office code and number)",
                   "知识产权号码（ZL、CN、US 或局代码加号码）", raw);
}

std::string canonicalDocNo(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kBrackets = {
      {{"(", "〔"}, {"[", "〔"}, {"（", "〔"}, {"【", "〔"}, {")", "〕"}, {"]", "〕"}, {"）", "〕"}, {"】", "〕"}}};
  bool chinese = std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (!chinese) return std::string(text);
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    auto bracket = std::find_if(kBrackets.begin(), kBrackets.end(),
                                [&](const auto& b) { return text.substr(i).starts_with(b.first); });
    if (bracket != kBrackets.end()) {
      out += bracket->second;
      i += bracket->first.size();
    } else {
      out += text[i++];
    }
  }
  return out;
}

Result<std::string> canonicalDivision(std::string_view text) {
  bool code = text.size() == 6 && allDigits(text);
  bool country = text.size() == 2 && isUpper(text[0]) && isUpper(text[1]);
  if (code || country) return std::string(text);
  return malformed("a GB/T 2260 code of six digits, or a country of two letters",
                   "GB/T 2260 六位区划代码或两位国家代码", text);
}

bool divisionCovers(std::string_view outer, std::string_view inner) {
  if (outer == inner) return true;
  if (outer == "CN") return inner.size() == 6;
  if (outer.size() != 6 || inner.size() != 6) return false;
  if (outer.ends_with("0000")) return inner.substr(0, 2) == outer.substr(0, 2);
  if (outer.ends_with("00")) return inner.substr(0, 4) == outer.substr(0, 4);
  return false;
}

Result<std::string> canonicalId(std::string_view text) {
  bool good = !text.empty() && text.size() <= 160 && text.front() != ' ' && text.back() != ' ' &&
              text.find('\n') == text.npos && checkText(text).ok();
  if (good) return std::string(text);
  return malformed("an identifier of 1 to 160 bytes without control characters or outer spaces",
                   "1 至 160 字节、首尾无空格、无控制字符的编号", text);
}

Result<std::string> canonicalDecimal(std::string_view text) {
  bool negative = text.starts_with('-');
  std::string_view body = negative ? text.substr(1) : text;
  std::size_t point = body.find('.');
  std::string whole(body.substr(0, point));
  std::string fraction(point == body.npos ? "" : body.substr(point + 1));
  if (!allDigits(whole) || (point != body.npos && !allDigits(fraction)) || text.size() > 60) {
    return malformed("a plain decimal number", "十进制数", text);
  }
  whole.erase(0, std::min(whole.find_first_not_of('0'), whole.size() - 1));
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  bool zero = whole == "0" && fraction.empty();
  return std::string(negative && !zero ? "-" : "") + whole + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace pilotledger::events
