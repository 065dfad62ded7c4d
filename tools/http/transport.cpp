#include "tools/http/transport.h"

#include <poll.h>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>

namespace pilotledger::http {

namespace asio = boost::asio;

Failure Transport::assign(int descriptor, int family) {
  Failure failure;
  socket_.assign(asio::generic::stream_protocol(family, 0), descriptor, failure);
  if (!failure) socket_.non_blocking(true, failure);
  return failure;
}

Task<Failure> Transport::handshake(TlsContext context, const std::string* host) {
  context_ = std::move(context);
  tls_.emplace(socket_, *context_);
  if (host) {
    Failure notNumeric;  // RFC 6066: no address as a server name
    asio::ip::make_address(*host, notNumeric);
    if (notNumeric) ::SSL_set_tlsext_host_name(tls_->native_handle(), host->c_str());
    tls_->set_verify_callback(asio::ssl::host_name_verification(*host));
  }
  auto role = host ? asio::ssl::stream_base::client : asio::ssl::stream_base::server;
  auto [failure] = co_await tls_->async_handshake(role, kAwait);
  co_return failure;
}

Task<Transport::Moved> Transport::read(asio::mutable_buffer into) {
  if (tls_) {
    auto [failure, moved] = co_await tls_->async_read_some(into, kAwait);
    co_return Moved{failure, moved};
  }
  auto [failure, moved] = co_await socket_.async_read_some(into, kAwait);
  co_return Moved{failure, moved};
}

Task<Transport::Moved> Transport::write(asio::const_buffer from) {
  if (tls_) {
    auto [failure, moved] = co_await tls_->async_write_some(from, kAwait);
    co_return Moved{failure, moved};
  }
  auto [failure, moved] = co_await socket_.async_write_some(from, kAwait);
  co_return Moved{failure, moved};
}

Task<void> Transport::farewell() {
  if (tls_) (void)co_await tls_->async_shutdown(kAwait);
  Failure ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

void Transport::cancel() {
  Failure ignored;
  socket_.cancel(ignored);
}

void Transport::close() {
  Failure ignored;
  socket_.close(ignored);
}

bool Transport::hasPeerLeft() {
  pollfd asked{socket_.native_handle(), POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) > 0 && (asked.revents & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) != 0;
}

}  // namespace pilotledger::http
