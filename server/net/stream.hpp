// The Beast stream under HTTP and WebSocket, and how one becomes the other. For the sources of server/net only.
#pragma once

#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <memory>
#include <optional>
#include <string>

#include "net/door.hpp"
#include "net/http.hpp"

namespace bossey::net {

namespace beast = boost::beast;

using Stream = beast::basic_stream<Tcp, Executor, beast::unlimited_rate_policy>;
using RawRequest = beast::http::request<beast::http::string_body>;

/// Takes a checked upgrade request over: asks the acceptor, answers 101 and serves the socket from then on, having
/// taken `stream`. If the acceptor refuses, returns the answer to send and leaves the stream alone.
[[nodiscard]] std::optional<HttpResponse> start_socket(const std::shared_ptr<Door>& door, Stream& stream,
                                                       RawRequest raw, const HttpRequest& request,
                                                       const std::string& address);

}  // namespace bossey::net
