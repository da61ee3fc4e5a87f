// TLS as the door offers it: certificate and key from files, TLS 1.2 or newer, HTTP/1.1 only. For the sources of
// server/net only.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>

#include "base/error.hpp"
#include "net/listener.hpp"

namespace bossey::net {

/// Reads both files. The detail of an error says which file, what is wrong and what to do; never the key.
[[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>> load_tls(const TlsFiles& files);

}  // namespace bossey::net
