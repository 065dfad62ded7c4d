// The answer on paper: whoever reads it sees what it means, and how to hold it to the ledger.
#include <fmt/format.h>

#include "ledger/crypto/encoding.h"
#include "query/report/chart.h"
#include "tools/cli/pledge_text.h"
#include "tools/cli/qr.h"
#include "tools/verifier/proof_text.h"

namespace pilotledger::cli {
namespace {

using query::escapeHtml;

constexpr std::size_t kLargestQr = 2953;

constexpr std::string_view kPaper = R"(
body{font:15px/1.6 "Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei","PingFang SC",system-ui,sans-serif}
body{color:#111;margin:24px auto;max-width:720px;padding:0 16px}
section{break-after:page}section:last-child{break-after:auto}
h1{font-size:22px;margin:0 0 12px}h2{font-size:16px;margin:18px 0 6px}
.answer{border:2px solid #111;padding:10px 14px;font-size:19px;font-weight:600;margin:0 0 14px}
.stop{border-color:#a00;color:#a00}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:13px/1.5 inherit;background:#f4f5f7;padding:8px 12px;margin:0}
figure{margin:12px 0}figure img{width:180px;height:180px;image-rendering:pixelated}figcaption{font-size:12px;color:#444}
code{overflow-wrap:anywhere;background:#f4f5f7;padding:1px 4px}
@page{size:A4;margin:18mm}@media print{body{margin:0;max-width:none;padding:0}}
)";

// Scanned, the proof itself where it fits; else what a reader needs to find the same answer.
std::string scannedText(const PledgeAnswerAt& answer, const std::string& origin) {
  if (!answer.proof.empty() && answer.proof.size() <= kLargestQr) return answer.proof;
  std::string frozen = answer.status.frozen.empty() ? "" : " " + std::string(answerText(answer.status.answer));
  return fmt::format("pilotledger pledge\n{}\n{}\n{}{}\n{}\n{}\n", origin, answer.status.number,
                     verifier::pledgeHeadline(answer.status), frozen, answer.at.position,
                     crypto::toBase64(answer.at.root));
}

std::string bigAnswer(const PledgeAnswerAt& answer, Language language) {
  std::string_view headline = verifier::pledgeHeadline(answer.status);
  bool free = headline == "NONE" || headline == "RELEASED" || headline == "UNKNOWN";
  std::string words = verifier::pledgeSentence(answer.status, language);
  if (!answer.status.frozen.empty() && answer.status.answer == query::PledgeAnswer::Active)
    words += language == Language::Chinese ? "；且已有质押在押" : "; a pledge is in force besides";
  return fmt::format("<p class=\"answer{}\">{}　{}</p>\n", free ? "" : " stop", escapeHtml(answer.status.number),
                     escapeHtml(words));
}

std::vector<Message> checkingSteps(const PledgeAnswerAt& answer, const std::string& origin) {
  std::string entry = std::to_string(answer.at.position - 1);
  std::string day = answer.at.onlyUntil ? " --on " + answer.at.on : "";
  std::vector<Message> steps = {
      {fmt::format("Take the public key of {} from its operator or a publication, not from this paper.", origin),
       fmt::format("自运营者或其公告取得账本 {} 的公钥，勿取自本件。", origin)},
      {fmt::format("On a copy of the ledger: pilotledger pledge {} --as-of {}{}   (the same answer, the same root)",
                   answer.status.number, entry, day),
       fmt::format("在任一账本副本上执行：pilotledger pledge {} --as-of {}{}   （答复与日志根应相同）",
                   answer.status.number, entry, day)}};
  if (!answer.proof.empty()) {
    steps.push_back({"Without the ledger: pilotledger-verify PROOF-FILE --key KEY-FILE",
                     "无账本时：pilotledger-verify 证明文件 --key 公钥文件"});
  }
  return steps;
}

Result<std::string> page(const Context& context, const PledgeAnswerAt& answer, const std::string& origin) {
  std::string html =
      fmt::format("<section>\n<h1>{}</h1>\n", context.say("Answer about pledges on a right", "知识产权质押查询答复"));
  if (answer.refused) {
    return html + fmt::format("<p class=\"answer stop\">{}　{}</p>\n<p>{}</p>\n</section>\n", escapeHtml(answer.asked),
                              context.say("no answer", "未予答复"), escapeHtml(context.say(answer.refused->message)));
  }
  html += bigAnswer(answer, context.language);
  if (answer.at.onlyUntil || answer.newestMs < answer.ledgerMs) {
    html += fmt::format(
        "<p class=\"answer stop\">{}</p>\n",
        context.say("This is how it stood then, not how it stands today.", "以上为当时状态，并非今日状态。"));
  }
  html += fmt::format("<pre>{}</pre>\n", escapeHtml(pledgeAnswerText(context, answer)));
  PL_TRY(std::string png, qrPng(scannedText(answer, origin)));
  bool whole = !answer.proof.empty() && answer.proof.size() <= kLargestQr;
  html += fmt::format(
      "<figure><img alt=\"QR\" src=\"data:image/png;base64,{}\"><figcaption>{}</figcaption></figure>\n",
      crypto::toBase64(viewOf(png)),
      whole ? context.say("The proof itself: save what is scanned as a file and check it.",
                          "证明文件本身：将扫描内容存为文件即可核验。")
            : context.say("Ledger, number, answer, position and root.", "账本、号码、答复、位置与日志根。"));
  html += fmt::format("<h2>{}</h2>\n<ol>\n", context.say("How to check", "如何核对"));
  for (const Message& step : checkingSteps(answer, origin))
    html += fmt::format("<li><code>{}</code></li>\n", escapeHtml(context.say(step)));
  return html + fmt::format("</ol>\n<p>{}</p>\n</section>\n", verifier::whatAProofShows(context.language));
}

}  // namespace

Result<std::string> pledgeCertificate(const Context& context, const std::vector<PledgeAnswerAt>& answers,
                                      const std::string& origin) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{}</title>\n<style>{}</style>\n"
      "</head>\n<body>\n",
      context.zh() ? "zh-CN" : "en", context.say("Answers about pledges", "质押查询答复"), kPaper);
  for (const PledgeAnswerAt& answer : answers) {
    PL_TRY(std::string one, page(context, answer, origin));
    html += one;
  }
  return html + "</body>\n</html>\n";
}

}  // namespace pilotledger::cli
