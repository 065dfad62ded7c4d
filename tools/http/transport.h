// One connection's bytes, plain or through TLS, TCP or Unix socket. On the loop only; one read and one write at a
// time may wait.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <utility>

#include "tools/http/message.h"
#include "tools/http/tls.h"

namespace pilotledger::http {

using Executor = boost::asio::io_context::executor_type;
template <typename T>
using Task = boost::asio::awaitable<T, Executor>;
using Timer = boost::asio::basic_waitable_timer<Clock, boost::asio::wait_traits<Clock>, Executor>;
using Failure = boost::system::error_code;
// co_await with it gives (error, what was asked for) and throws nothing.
inline constexpr auto kAwait = boost::asio::as_tuple(boost::asio::use_awaitable_t<Executor>{});

class Transport {
 public:
  using Socket = boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, Executor>;
  using Moved = std::pair<Failure, std::size_t>;

  explicit Transport(boost::asio::io_context& loop) : socket_(loop) {}
  // Takes the descriptor over.
  Failure assign(int descriptor, int family);

  Socket& socket() { return socket_; }
  // As a server, or as a client that calls on `host`, which the certificate must name.
  Task<Failure> handshake(TlsContext context, const std::string* host = nullptr);
  bool isEncrypted() const { return tls_.has_value(); }

  Task<Moved> read(boost::asio::mutable_buffer into);
  Task<Moved> write(boost::asio::const_buffer from);  // some of it
  Task<void> farewell();                              // says that nothing more comes, in TLS too

  void cancel();  // what waits ends with operation_aborted
  void close();
  bool isOpen() const { return socket_.is_open(); }
  bool hasPeerLeft();  // it has closed or reset, whatever it sent before

 private:
  TlsContext context_;  // lives as long as what it made
  Socket socket_;
  std::optional<boost::asio::ssl::stream<Socket&>> tls_;
};

}  // namespace pilotledger::http
