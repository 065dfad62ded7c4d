#include "tools/http/reply.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/beast/http/status.hpp>
#include <ctime>

namespace pilotledger::http {
namespace {

constexpr std::array<std::string_view, 4> kOfTheServer = {"Date", "Content-Length", "Connection", "Transfer-Encoding"};

bool mayStand(const Header& header) {
  auto breaksLine = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  auto isName = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  };
  bool ours = std::any_of(kOfTheServer.begin(), kOfTheServer.end(),
                          [&](std::string_view name) { return sameName(name, header.name); });
  return !ours && !header.name.empty() && std::all_of(header.name.begin(), header.name.end(), isName) &&
         std::none_of(header.value.begin(), header.value.end(), breaksLine);
}

}  // namespace

std::optional<std::string> formatHead(unsigned status, const Headers& headers, std::string_view date,
                                      std::string_view framing) {
  auto reason = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  std::string head =
      fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", status, std::string_view(reason.data(), reason.size()), date);
  for (const Header& header : headers) {
    if (!mayStand(header)) return std::nullopt;
    head.append(header.name).append(": ").append(header.value).append("\r\n");
  }
  return head.append(framing).append("\r\n");
}

std::string dateField() {
  constexpr std::array kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::time_t now = std::time(nullptr);
  std::tm at{};
  ::gmtime_r(&now, &at);
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", kDays[static_cast<std::size_t>(at.tm_wday)], at.tm_mday,
                     kMonths[static_cast<std::size_t>(at.tm_mon)], at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
}

}  // namespace pilotledger::http
