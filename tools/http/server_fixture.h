// Tests only: a server over loopback whose handler does what tests need.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tools/http/client.h"
#include "tools/http/raw_client.h"
#include "tools/http/server.h"

namespace pilotledger::http {

using std::chrono::milliseconds;
using std::chrono::seconds;

// /echo answers with what it saw; /sleep until it is cancelled; /wait until the gate opens.
struct Fixture {
  std::promise<void> gate;
  std::shared_future<void> opened = gate.get_future().share();
  std::atomic<int> cancelled{0};
  std::promise<std::shared_ptr<Stream>> streaming;

  Answer answer(const Request& request) {
    if (request.path == "/wait") opened.wait();
    if (request.path == "/throw") throw std::runtime_error("secret text");
    if (request.path == "/badfield") return Response{200, {{"X", "a\r\nSet-Cookie: b"}}, "x"};
    if (request.path == "/big") return Response{200, {}, std::string(16u << 20, 'x')};
    if (request.path == "/stream")
      return StreamedResponse{
          200, {{"Content-Type", "text/event-stream"}}, ": \n\n", "retry: 3000\n\n", [this](auto stream) {
            streaming.set_value(std::move(stream));
          }};
    if (request.path == "/sleep") {
      while (!request.cancelled()) std::this_thread::sleep_for(milliseconds(5));
      ++cancelled;
    }
    return Response{200, {}, fmt::format("served {} {} {}", request.method, request.path, request.body.size())};
  }
};

inline std::unique_ptr<Server> serve(Fixture& fixture, const std::function<void(Options&)>& change = {}) {
  Options options;
  options.listen = {"127.0.0.1:0"};
  options.live = [](const Request& request) {
    return request.path == "/live" ? std::optional(Response{200, {}, "alive"}) : std::nullopt;
  };
  if (change) change(options);
  auto started = Server::start(std::move(options), [&](const Request& request) { return fixture.answer(request); });
  EXPECT_TRUE(started.ok()) << started.error().message.en;
  return std::move(*started);
}

inline std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n"; }
inline std::size_t countOf(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++count;
  return count;
}
inline bool eventually(const std::function<bool()>& holds, milliseconds within = seconds(30)) {
  for (auto until = Clock::now() + within; Clock::now() < until; std::this_thread::sleep_for(milliseconds(5))) {
    if (holds()) return true;
  }
  return holds();
}
inline std::string body(const std::unique_ptr<Server>& server, const std::string& path) {
  auto got = callOnce(server->urls().front() + path, {});
  return got.ok() ? std::string(got->body.view()) : got.error().message.en;
}

}  // namespace pilotledger::http
