#include "tools/http/job.h"

#include <boost/asio/post.hpp>
#include <exception>

#include "tools/http/service.h"

namespace pilotledger::http {
namespace {

// What the exception says that is being handled: nobody's business outside.
std::string thrownText() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "no std::exception";
  }
}

}  // namespace

Refusal tooLate() { return {503, {"the answer took too long", "处理超时"}}; }
Refusal internalFault() { return {500, {"an internal fault", "内部错误"}}; }

void Job::run(Service& service, const std::shared_ptr<Job>& job) {
  decltype(job->outcome) outcome = tooLate();
  std::function<void(std::shared_ptr<Stream>)> begin;
  std::shared_ptr<StreamQueue> queue;
  try {
    if (!job->request.cancelled()) {
      std::visit([&](auto&& answer) { outcome = std::move(answer); }, service.handler(job->request));
    }
    auto* streamed = std::get_if<StreamedResponse>(&outcome);
    if (streamed && !job->request.headOnly) {
      if (service.tally.streams.fetch_add(1) < service.options.limits.streams) {
        queue = std::make_shared<StreamQueue>(service.options.limits.streamBacklog);
        begin = std::move(streamed->begin);
      } else {
        --service.tally.streams;
        outcome = Refusal{503, {"too many streams are open", "同时打开的数据流过多"}};
      }
    }
  } catch (...) {
    outcome = internalFault();
    if (service.options.fault) service.options.fault(job->request, thrownText());
  }
  auto kept = queue ? streamOver(queue) : nullptr;
  boost::asio::post(service.loop, [&service, job, queue, outcome = std::move(outcome)]() mutable {
    if (job->abandoned) {
      if (queue) {
        queue->detach();
        --service.tally.streams;
      }
      return;
    }
    job->outcome = std::move(outcome);
    job->queue = std::move(queue);
    job->done.set();
  });
  try {
    if (begin) begin(std::move(kept));
  } catch (...) {  // its stream ends with it
  }
}

}  // namespace pilotledger::http
