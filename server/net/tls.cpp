#include "net/tls.hpp"

#include <openssl/ssl.h>

#include <boost/system/error_code.hpp>
#include <string>
#include <string_view>

namespace bossey::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr std::string_view kProtocol = "http/1.1";

/// Takes HTTP/1.1 of what the client offers; a client that offers only others is refused.
int choose_protocol(SSL* /*connection*/, const unsigned char** chosen, unsigned char* chosen_size,
                    const unsigned char* offered, unsigned int offered_size, void* /*argument*/) {
  for (unsigned int at = 0; at < offered_size; at += 1U + offered[at]) {
    const std::string_view name(reinterpret_cast<const char*>(offered + at + 1), offered[at]);
    if (name != kProtocol) continue;
    *chosen = offered + at + 1;
    *chosen_size = offered[at];
    return SSL_TLSEXT_ERR_OK;
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

Error unusable(const std::string& what, const std::string& file, const error_code& error) {
  return {Errc::bad_input,
          "Cannot use the " + what + " in " + file + ": " + error.message() + ". Give a PEM file that can be read."};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> load_tls(const TlsFiles& files) {
  auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
  error_code error;
  context->set_options(ssl::context::default_workarounds | ssl::context::no_sslv2 | ssl::context::no_sslv3 |
                           ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1 | ssl::context::no_compression,
                       error);
  if (error) return fail(Errc::io, "cannot set TLS up: " + error.message());
  context->use_certificate_chain_file(files.certificate, error);
  if (error) return tl::unexpected(unusable("certificate", files.certificate, error));
  context->use_private_key_file(files.key, ssl::context::pem, error);
  if (error) return tl::unexpected(unusable("key", files.key, error));
  SSL_CTX* const native = context->native_handle();
  if (SSL_CTX_check_private_key(native) != 1)
    return fail(Errc::bad_input, "The key in " + files.key + " is not that of the certificate in " + files.certificate +
                                     ". Give the two that belong together.");
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_alpn_select_cb(native, choose_protocol, nullptr);
  return context;
}

}  // namespace bossey::net
