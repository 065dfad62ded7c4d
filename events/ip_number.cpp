#include "events/ip_number.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "events/base/text.h"
#include "events/identifiers.h"

namespace pilotledger::events {
namespace {

bool isIpDigit(char c) { return c >= '0' && c <= '9'; }
bool isIpLetter(char c) { return c >= 'A' && c <= 'Z'; }
bool onlyDigits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), isIpDigit); }

Error noSuchNumber(std::string_view what, std::string_view zhWhat, std::string_view found) {
  return invalidInput(fmt::format("expected {}, found '{}'", what, shortened(found)),
                      fmt::format("应为{}，实为“{}”", zhWhat, shortened(found)));
}

// The text in capitals, as words and separators still stand in it.
struct Written {
  std::string raw;   // for messages
  std::string text;  // normal form, ASCII letters in capitals, without labels
};

bool takePrefix(std::string& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.erase(0, prefix.size());
  return true;
}

void trimBlanks(std::string& text) {
  text.erase(0, std::min(text.find_first_not_of(" :#("), text.size()));
  while (!text.empty() && std::string_view(" .,)").find(text.back()) != std::string_view::npos) text.pop_back();
}

// Words that stand before a number and say what it is. Some say that it is the number of something else.
Status takeChineseLabel(Written& written) {
  constexpr std::string_view kOther[] = {"公开", "公告", "公布", "证书"};
  constexpr std::string_view kLabels[] = {"中国", "国家",     "发明",     "实用新型", "外观设计", "专利", "授权",
                                          "申请", "知识产权", "登记证号", "号码",     "编号",     "号",   "第"};
  for (bool more = true; more;) {
    trimBlanks(written.text);
    for (std::string_view other : kOther) {
      if (!written.text.starts_with(other)) continue;
      return invalidInput(
          fmt::format("'{}' is the number of a publication or a certificate; ask by the number of the patent or of its "
                      "application (ZL...)",
                      shortened(written.raw)),
          fmt::format("“{}”为公开（公告）号或证书号；请使用专利号或申请号（ZL…）", shortened(written.raw)));
    }
    more = std::any_of(std::begin(kLabels), std::end(kLabels),
                       [&](std::string_view label) { return takePrefix(written.text, label); });
  }
  if (written.text.ends_with("号")) written.text.erase(written.text.size() - std::string_view("号").size());
  trimBlanks(written.text);
  return {};
}

// Words that say what a number is, longer ones first. Short ones end where a letter follows: PATIENT is no label.
struct NumberWord {
  std::string_view word;
  std::string_view series = {};  // of the rights that the word names, where the office numbers them apart
};
constexpr NumberWord kEnglishLabels[] = {
    {"REISSUED", "RE"}, {"REISSUE", "RE"}, {"DESIGN", "D"}, {"PLANT", "PP"},  {"LETTERS"},     {"PATENTS"},
    {"PATENT"},         {"PAT."},          {"PAT"},         {"APPLICATIONS"}, {"APPLICATION"}, {"APPLN."},
    {"APPLN"},          {"APPL."},         {"APPL"},        {"APP."},         {"APP"},         {"PUBLICATIONS"},
    {"PUBLICATION"},    {"PUBN."},         {"PUBL."},       {"PUB."},         {"PUB"},         {"REGISTRATION"},
    {"REG."},           {"REG"},           {"SERIAL"},      {"SER."},         {"SER"},         {"GRANT"},
    {"UTILITY MODEL"}};
constexpr NumberWord kNumberLabels[] = {{"NUMBERS"}, {"NUMBER"}, {"NOS."}, {"NOS"}, {"NO."}, {"NR."}, {"NO"}, {"NR"}};

template <std::size_t kSize>
const NumberWord* takeLabel(std::string& text, const NumberWord (&labels)[kSize]) {
  for (const NumberWord& label : labels) {
    if (!text.starts_with(label.word)) continue;
    std::string_view behind = std::string_view(text).substr(label.word.size());
    bool ends = label.word.ends_with('.') || behind.empty() || !isIpLetter(behind[0]);
    if (!ends) continue;
    text.erase(0, label.word.size());
    return &label;
  }
  return nullptr;
}

// "No. 9219817" is a number without its office, and not one of Norway, as "NR." is not one of Nauru.
Status requireOffice(const Written& written) {
  std::string_view text = written.text;
  bool word = text.starts_with("NO") || text.starts_with("NR");
  bool mixed = written.raw.find(text.starts_with("NO") ? "No" : "Nr") != std::string::npos;
  if (!word || !(mixed || (text.size() > 2 && std::string_view(".:#").find(text[2]) != text.npos))) return {};
  return invalidInput(
      fmt::format("'{}' does not say whose number it is; write the office before it, such as "
                  "US9219817 or EP1234567B1",
                  shortened(written.raw)),
      fmt::format("“{}”未写明所属局；请在号码前写明局代码，如 US9219817、EP1234567B1", shortened(written.raw)));
}

// "U.S. Patent No. 5,113,523" -> "US5,113,523", "Reissue 45,678" -> "RE45,678". NO alone is Norway: a label only behind
// another.
Status takeEnglishLabel(Written& written) {
  std::string& text = written.text;
  std::string office, series;
  bool labelled = false;
  for (bool more = true; more;) {
    trimBlanks(text);
    more = false;
    for (std::string_view us : {"U.S.", "U. S.", "US"}) {
      if (office.empty() && takePrefix(text, us)) office = "US", more = true;
    }
    if (const NumberWord* label = takeLabel(text, kEnglishLabels)) {
      if (!label->series.empty()) series = label->series;
      labelled = more = true;
    } else if ((labelled || !office.empty()) && takeLabel(text, kNumberLabels)) {
      more = true;
    }
  }
  PL_CHECK(requireOffice(written));
  // A series of the United States: elsewhere designs are told by their numbers.
  auto isNumber = [](char c) { return isIpDigit(c) || c == ',' || c == ' ' || c == '.'; };
  std::size_t end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isNumber) - text.begin());
  auto digits = std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), isIpDigit);
  if (!series.empty() && digits > 0 && digits <= 7) text.insert(0, series);
  text.insert(0, office);
  return {};
}

Result<Written> unlabelled(std::string_view raw) {
  constexpr std::string_view kEdges = " \t\r\n\f\v";
  std::size_t first = std::min(raw.find_first_not_of(kEdges), raw.size());
  std::string_view inner = raw.substr(first, raw.find_last_not_of(kEdges) + 1 - first);
  std::string plain(inner);
  std::replace(plain.begin(), plain.end(), '\t', ' ');
  for (std::size_t at; (at = plain.find("&nbsp;")) != plain.npos;) plain.replace(at, 6, " ");
  PL_TRY(plain, identifierSpelling(plain));
  PL_CHECK(requireOneScript(plain));
  for (std::string_view dot : {"·", "・", "‧", "•", "。", "∙", "⋅"}) {
    for (std::size_t at; (at = plain.find(dot)) != plain.npos;) plain.replace(at, dot.size(), ".");
  }
  for (char& c : plain) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  Written written{std::string(inner), std::move(plain)};
  PL_CHECK(takeChineseLabel(written));
  PL_CHECK(takeEnglishLabel(written));
  return written;
}

std::string without(std::string_view text, std::string_view separators) {
  std::string out;
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [&](char c) { return separators.find(c) == separators.npos; });
  return out;
}

// Digits at the start, and what follows.
std::pair<std::string, std::string> splitDigits(std::string_view text) {
  std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  return {std::string(text.substr(0, end)), std::string(text.substr(end))};
}

std::string withoutZeros(std::string number) {
  number.erase(0, std::min(number.find_first_not_of('0'), number.size() - 1));
  return number;
}

// --- China

Error chinesePublication(std::string_view raw) {
  return invalidInput(
      fmt::format("'{}' is written like a Chinese publication number, which is not the number of the right; ask by the "
                  "patent or application number, such as ZL202311000001.1",
                  shortened(raw)),
      fmt::format("“{}”形如公开（公告）号，并非专利号；请使用专利号或申请号，如 ZL202311000001.1", shortened(raw)));
}

// Application numbers of eight digits were given from 1985 to September 2003, longer ones since.
bool yearFits(std::string_view digits) {
  if (digits.size() == 12) {
    int year = std::stoi(std::string(digits.substr(0, 4)));
    return year >= 2003 && year <= 2100;
  }
  int year = std::stoi(std::string(digits.substr(0, 2)));
  return year >= 85 || year <= 3;
}

Result<IpNumber> chineseNumber(std::string_view written, std::string_view raw) {
  std::string body = without(written, " .,/-");
  auto [digits, rest] = splitDigits(body);
  if (digits.size() == 12 && rest.size() >= 2 && rest[0] == 'X' && isKindCode(std::string_view(rest).substr(1)))
    rest = "X";
  if (digits.size() == 13 && isKindCode(rest)) rest.clear();
  if ((digits.size() == 9 || digits.size() == 13) && rest.empty()) {
    rest = digits.back();
    digits.pop_back();
  }
  bool whole = digits.size() == 8 || digits.size() == 12;
  if (whole && rest.empty()) {
    return invalidInput(
        fmt::format("'{}' lacks its last character, the check digit behind the dot (or X)", shortened(raw)),
        fmt::format("“{}”缺少末位校验位（小数点后一位数字或 X）", shortened(raw)));
  }
  bool checked = whole && rest.size() == 1 && (isIpDigit(rest[0]) || rest[0] == 'X');
  if (checked && digits.size() == 8 && !yearFits(digits)) return chinesePublication(raw);
  if (!checked && isKindCode(rest.empty() ? "A" : rest) && digits.size() >= 7 && digits.size() <= 9)
    return chinesePublication(raw);
  if (!checked || !yearFits(digits))
    return noSuchNumber("a Chinese patent number of 13 or 9 characters", "13 位或 9 位中国专利号", raw);
  PL_TRY(std::string canonical, canonicalIp("CN" + digits + rest));
  return IpNumber{std::move(canonical), {}, {}};
}

// --- United States

constexpr std::string_view kUsExample =
    "a US patent number: US9219817, US14/678,893 (application), US20150215460A1 (publication), USRE45678 (reissue)";
constexpr std::string_view kUsExampleZh =
    "美国专利号：US9219817、US14/678,893（申请）、US20150215460A1（公开）、USRE45678（再颁）";

Result<IpNumber> usWithSlash(std::string_view written, std::string_view raw) {
  std::size_t slash = written.find('/');
  std::string before = without(written.substr(0, slash), " ");
  auto [number, kind] = splitDigits(without(written.substr(slash + 1), " .,"));
  bool application = onlyDigits(before) && before.size() <= 2 && number.size() == 6 && (kind.empty() || kind == "A");
  if (application) {
    IpNumber read{"US" + std::string(2 - before.size(), '0') + before + number + "A", {}, {}};
    if (before.size() == 1) read.older.push_back("US" + before + number + "A");
    return read;
  }
  bool publication = onlyDigits(before) && before.size() == 4 && number.size() == 7 &&
                     (kind.empty() || kind == "A1" || kind == "A2" || kind == "A9");
  if (publication) return IpNumber{"US" + before + number + (kind.empty() ? "A1" : kind), {}, {}};
  return noSuchNumber(kUsExample, kUsExampleZh, raw);
}

// Kind codes of grants in each series: D for designs (S), RE for reissues (E), PP for plants (P), H, T.
std::string_view usKindLetters(std::string_view series) {
  if (series.empty()) return "ABC";
  if (series == "D") return "SB";  // B: as assignment records spell them
  if (series == "RE") return "EB";
  if (series == "PP") return "PB";
  if (series == "H") return "HB";
  return series == "T" ? "I" : "";
}

// The last grant with kind code A is 6,167,568; then come B1 and B2. What else ends in A is an application.
constexpr int kLastGrantWithA = 6'167'568;

Result<IpNumber> usGrant(const std::string& series, std::string number, const std::string& kind, std::string_view raw) {
  std::string_view letters = usKindLetters(series);
  bool fits = !letters.empty() && (kind.empty() || (letters.find(kind[0]) != letters.npos && isKindCode(kind)));
  if (!fits || number.empty() || number.size() > 8) return noSuchNumber(kUsExample, kUsExampleZh, raw);
  number = withoutZeros(std::move(number));
  IpNumber read{"US" + series + number, {}, {}};
  if (series.empty() && number.size() <= 7) read.older.push_back(read.canonical + "A");
  if (series == "RE" || series == "PP") read.older.push_back(series + number);
  return read;
}

Result<IpNumber> usNumber(std::string_view written, std::string_view raw) {
  if (written.find('/') != written.npos) return usWithSlash(written, raw);
  std::string body = without(written, " .,-");
  std::size_t letters = 0;
  while (letters < body.size() && isIpLetter(body[letters])) ++letters;
  std::string series = body.substr(0, letters);
  if (series == "DES") series = "D";
  auto [number, kind] = splitDigits(std::string_view(body).substr(letters));
  bool published = kind.empty() || kind == "A1" || kind == "A2" || kind == "A9";
  bool year = number.starts_with("20");
  if (series.empty() && number.size() == 11 && published && year)
    return IpNumber{"US" + number + (kind.empty() ? "A1" : kind), {}, {}};
  if (series.empty() && number.size() == 10 && published && year) {  // as foreign databases shorten it
    return IpNumber{"US" + number.substr(0, 4) + "0" + number.substr(4) + (kind.empty() ? "A1" : kind), {}, {}};
  }
  if (series.empty() && number.size() == 8 && kind == "A") return IpNumber{"US" + number + "A", {}, {}};
  if (series.empty() && kind == "A" && !number.empty() && number.size() <= 7 && std::stoi(number) > kLastGrantWithA) {
    return invalidInput(fmt::format("'{}' may be the grant US{} or the application {}/{}; write the one that is meant",
                                    shortened(raw), number, "0" + number.substr(0, 1), number.substr(1)),
                        fmt::format("“{}”可能指授权专利 US{} 或申请 {}/{}；请写明所指", shortened(raw), number,
                                    "0" + number.substr(0, 1), number.substr(1)));
  }
  return usGrant(series, number, kind, raw);
}

// --- other offices

// WIPO ST.3: offices that grant or publish, those of states that are no more among them; CN and US have their own
// rules.
bool isOffice(std::string_view code) {
  constexpr std::string_view kOffices =
      " AD AE AF AG AI AL AM AN AO AP AR AT AU AW AZ BA BB BD BE BF BG BH BI BJ BM BN BO BQ BR BS BT BW BX BY BZ CA CD "
      "CF CG CH CI CK CL CM CO CR CS CU CV CW CY CZ DD DE DJ DK DM DO DZ EA EC EE EG EM EP ER ES ET FI FJ FK FO FR GA "
      "GB "
      "GC GD GE GG GH GI GL GM GN GQ GR GS GT GW GY HK HN HR HT HU IB ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH "
      "KI "
      "KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MG MK ML MM MN MO MR MS MT MU MV MW MX MY MZ "
      "NA "
      "NE NG NI NL NO NP NR NZ OA OM PA PE PG PH PK PL PT PW PY QA QZ RO RS RU RW SA SB SC SD SE SG SH SI SK SL SM SN "
      "SO "
      "SR SS ST SU SV SY SZ TC TD TG TH TJ TL TM TN TO TR TT TV TW TZ UA UG UY UZ VA VC VE VG VN VU WO WS XN XU XV YE "
      "YU "
      "ZA ZM ZW ";
  return code.size() == 2 && kOffices.find(" " + std::string(code) + " ") != kOffices.npos;
}

// At most four letters stand together: KR, BR PI, IT MI, DE102015000001A1. More are words, such as CHINA.
bool looksLikeNumber(std::string_view text) {
  std::size_t together = 0, digits = 0;
  for (char c : text) {
    if (!isIpDigit(c) && !isIpLetter(c)) return false;
    digits += isIpDigit(c) ? 1 : 0;
    together = isIpLetter(c) ? together + 1 : 0;
    if (together > 4) return false;
  }
  return digits > 0 && text.size() >= 4 && text.size() <= 40;
}

// European numbers have seven digits; those below a million are also written without their zeros. International ones
// since 2004 have a year and six.
std::string withItsZeros(const std::string& text) {
  auto [number, kind] = splitDigits(std::string_view(text).substr(2));
  if (number.empty() || !(kind.empty() || isKindCode(kind))) return text;
  if (text.starts_with("EP") && number.size() < 7) return "EP" + std::string(7 - number.size(), '0') + number + kind;
  bool shortened = text.starts_with("WO20") && number.size() == 9;
  return shortened ? "WO" + number.substr(0, 4) + "0" + number.substr(4) + kind : text;
}

// PCT/CN2015/071234: an application that all offices know by this number.
bool isInternational(std::string_view text) {
  if (!text.starts_with("PCT") || text.size() < 12 || !isIpLetter(text[3]) || !isIpLetter(text[4])) return false;
  std::string_view digits = text.substr(5);
  return onlyDigits(digits) && (digits.size() == 7 || digits.size() == 9 || digits.size() == 10);
}

Result<IpNumber> otherNumber(std::string_view written, std::string_view raw) {
  std::string text = without(written, " .,/-");
  if (isInternational(text)) return IpNumber{text, {}, {}};
  std::string office = text.substr(0, 2);
  if (!isOffice(office) || !looksLikeNumber(text)) {
    return noSuchNumber("an IP number with its office (ZL..., CN..., US..., EP...B1, or office code and number)",
                        "带局代码的知识产权号码（ZL、CN、US、EP…B1，或局代码加号码）", raw);
  }
  IpNumber read{withItsZeros(text), {}, {}};
  auto [number, kind] = splitDigits(std::string_view(read.canonical).substr(2));
  if (office == "EP" && number.starts_with('0')) read.older.push_back("EP" + withoutZeros(number) + kind);
  if (read.canonical != text) read.older.push_back(text);
  if (numberWithoutKind(read.canonical) == read.canonical) {
    read.ambiguous = Message{
        fmt::format("'{}' lacks its kind code, and {} has rights that differ in nothing else; write it with the code, "
                    "such as {}B1",
                    shortened(raw), office, read.canonical),
        fmt::format("“{}”缺少文献种类代码，{} 有仅以该代码相区别的权利；请补全，如 {}B1", shortened(raw), office,
                    read.canonical)};
  }
  return read;
}

bool isReissueWithoutOffice(std::string_view text) {
  for (std::string_view series : {"RE", "PP"}) {
    if (!text.starts_with(series)) continue;
    std::string rest = without(text.substr(2), " .,-");
    auto [number, kind] = splitDigits(rest);
    if (!number.empty() && number.size() <= 6 && (kind.empty() || isKindCode(kind))) return true;
  }
  return false;
}

Result<IpNumber> readOffice(const Written& written) {
  std::string text = written.text;
  if (text.starts_with("CN") && text.find("ZL") < 4) text.erase(0, text.find("ZL"));
  std::string_view number = std::string_view(text).substr(std::min<std::size_t>(2, text.size()));
  if (text.starts_with("ZL") || text.starts_with("CN")) return chineseNumber(number, written.raw);
  if (text.starts_with("US") && !number.empty()) return usNumber(number, written.raw);
  if (isReissueWithoutOffice(text)) return usNumber(text, written.raw);
  std::string body = without(text, " .,-");
  std::size_t digits = splitDigits(body).first.size();
  if (digits >= 12 || (digits >= 8 && body.size() == 9)) return chineseNumber(text, written.raw);
  std::size_t slash = text.find('/');
  if (slash <= 2 && onlyDigits(std::string_view(text).substr(0, slash))) return usWithSlash(text, written.raw);
  return otherNumber(text, written.raw);
}

}  // namespace

bool isKindCode(std::string_view text) {
  return !text.empty() && text.size() <= 2 && isIpLetter(text[0]) && (text.size() == 1 || isIpDigit(text[1]));
}

std::string bareNumber(std::string_view text) { return without(text, " .,/-"); }

std::string_view numberWithoutKind(std::string_view canonical) {
  if (canonical.starts_with("CN")) return {};
  bool application = canonical.starts_with("US") && canonical.size() == 11 && canonical.ends_with('A');
  if (application) return {};
  std::size_t end = canonical.find_last_not_of("0123456789");
  if (end == canonical.npos || end < 2) return canonical;
  // Behind the last digits, or before one digit at the end, stands a letter: A, B2.
  std::size_t letter = isIpLetter(canonical.back()) ? canonical.size() - 1 : canonical.size() - 2;
  bool coded = isKindCode(canonical.substr(letter)) && letter > 2 && isIpDigit(canonical[letter - 1]);
  return coded ? canonical.substr(0, letter) : canonical;
}

Result<IpNumber> readIpNumber(std::string_view text) {
  PL_TRY(Written written, unlabelled(text));
  PL_TRY(IpNumber read, readOffice(written));
  // Whatever the rule that decoding keeps for ever made of these letters may stand in an older ledger.
  if (auto before = canonicalIp(written.text); before.ok()) read.older.push_back(std::move(before).value());
  auto isNew = [&](const std::string& older) { return older == read.canonical; };
  read.older.erase(std::remove_if(read.older.begin(), read.older.end(), isNew), read.older.end());
  std::sort(read.older.begin(), read.older.end());
  read.older.erase(std::unique(read.older.begin(), read.older.end()), read.older.end());
  return read;
}

}  // namespace pilotledger::events
