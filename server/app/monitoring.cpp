#include "app/monitoring.hpp"

#include <utility>

namespace bossey::app {

Result<std::unique_ptr<Monitoring>> Monitoring::open(net::EventLoop& loop, std::uint16_t port,
                                                     std::function<Measurements()> measure) {
  std::unique_ptr<Monitoring> made(new Monitoring(std::move(measure)));
  net::ListenerOptions options;
  options.port = port;
  options.connections_max = 16;
  options.plain_per_address_max = 16;
  BOSSEY_TRY(made->listener_, net::Listener::open(loop, options, *made, *made));
  return made;
}

void Monitoring::handle(net::HttpRequest request, Respond respond) {
  const auto path = request.path_text();
  if (request.method != "GET" && request.method != "HEAD") return respond(net::text_response(405, "Only GET."));
  if (path == "/healthz") return respond(net::text_response(200, "ok"));
  if (path != "/metrics" && path != "/readyz")
    return respond(net::text_response(404, "Here are /metrics, /healthz and /readyz."));
  const Measurements now = measure_();
  if (path == "/readyz") return respond(net::text_response(now.ready ? 200 : 503, now.ready ? "ready" : "not ready"));
  respond({200,
           {{"Content-Type", kMetricsType}, {"Cache-Control", "no-store"}},
           std::make_shared<const std::string>(metrics_text(now))});
}

std::size_t Monitoring::body_bytes_max(const net::HttpRequest& /*request*/) const {
  return 0;
}

Result<std::shared_ptr<net::SocketPeer>> Monitoring::accept(const net::HttpRequest& /*request*/,
                                                            std::shared_ptr<net::Outbox> /*outbox*/) {
  return fail(Errc::not_found, "There are no sockets at this port.");
}

}  // namespace bossey::app
