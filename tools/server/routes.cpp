// The one table of routes.
#include <algorithm>
#include <array>

#include "ledger/tlog/submission.h"
#include "tools/server/call.h"
#include "tools/service/dossier.h"
#include "tools/verifier/files.h"

namespace pilotledger::server {
namespace {

using enum ParameterType;
using std::chrono::seconds;

constexpr Parameter kAsOf{
    "as_of", Position, {"what the ledger knew: the last entry seen, or a day", "截至：所见最后一条的序号，或日期"}};
constexpr Parameter kOn{"on", Day, {"what was legally so on that day", "截至该法定日"}};
constexpr Parameter kLimit{"limit", Count, {"rows of a page, at most 1,000", "每页行数，最多 1,000"}};
constexpr Parameter kCursor{"cursor", Any, {"`next` of the page before", "上一页的 next"}};
constexpr Parameter kLang{"lang", Word, {"language of html and xlsx", "html、xlsx 的语言"}, "en|zh"};
constexpr Parameter kFormat{"format",
                            Word,
                            {"json pages; csv, xlsx and html are whole files", "json 分页；csv、xlsx、html 为完整文件"},
                            "json|csv|xlsx|html"};
constexpr Parameter kBom{"bom", Flag, {"csv begins with a mark, for Excel", "csv 带字节序标记，便于 Excel 打开"}};
constexpr Parameter kKind{"kind", Any, {"only entries of that event kind", "仅该事件种类"}};
constexpr Parameter kEntity{"entity", Any, {"only entries that name KIND:ID", "仅提及该对象的条目"}};
constexpr Parameter kName{"name", Any, {"name of the view", "视图名"}, "", 0, true};

constexpr Parameter kPageFile[] = {{"name", Any, {"as index.html names it", "文件名"}, "", 0, true}};
constexpr Parameter kTile[] = {{"name", Any, {"as C2SP tlog-tiles names it", "C2SP tlog-tiles 的名称"}, "", 0, true}};
constexpr Parameter kEntries[] = {kLimit, kCursor, kKind, kEntity};
constexpr Parameter kCommits[] = {{"from", Index, {"entries that the copy holds", "副本已有的条数"}}};
constexpr Parameter kEntry[] = {{"index", Index, {"index of the entry", "条目序号"}, "", 0, true}};
constexpr Parameter kEntityId[] = {{"id", Any, {"KIND:ID", "种类:编号"}, "", 0, true}};
constexpr Parameter kOneKind[] = {{"kind", Any, {"name of the event kind", "事件种类名称"}, "", 0, true}};
// A route that gives a table takes, after its own parameters, what says as of when, in which form and which page.
template <std::size_t N>
constexpr auto ofTable(const Parameter (&own)[N]) {
  constexpr Parameter kTail[] = {kOn, kFormat, kLang, kBom, kLimit, kCursor};
  std::array<Parameter, N + std::size(kTail)> all;
  std::copy(std::begin(kTail), std::end(kTail), std::copy(std::begin(own), std::end(own), all.begin()));
  return all;
}
constexpr auto kView = ofTable({kName, kAsOf});
constexpr auto kDrill = ofTable(
    {kName, {"row", Count, {"a row of the view, from 1", "视图的行号，自 1 起"}, "", 100'000'000, true}, kAsOf});
constexpr auto kDiff =
    ofTable({kName,
             {"from",
              Position,
              {"the position before: the last entry seen, or a day", "变化之前：所见最后一条的序号，或日期"},
              "",
              0,
              true},
             {"to", Position, {"the position after; without it, the newest", "变化之后；省略为最新"}}});
constexpr auto kFindings = ofTable({{"severity", Word, {"that severity and above", "该等级及以上"}, "H|M|L"},
                                    {"code", Any, {"only that finding, such as S04", "仅该代码，如 S04"}},
                                    kAsOf});
constexpr auto kSql = ofTable(
    {{"statement", Any, {"SELECT …, .tables or .schema TABLE", "SELECT …、.tables 或 .schema 表名"}, "", 0, true},
     kAsOf});
constexpr Parameter kDossier[] = {
    {"subject", Word, {"of what", "档案对象"}, service::kDossierSubjects, 0, true},
    {"id", Any, {"its number or code, in any usual spelling", "编号或代码，任意常用写法"}, "", 0, true},
    kAsOf,
    kOn,
    {"format",
     Word,
     {"zip: the page, the workbook, a table each for programs, the proofs", "zip 含网页、工作簿、各表数据文件与证明"},
     "json|html|xlsx|zip"},
    kLang};
constexpr Parameter kPledge[] = {
    {"number", Any, {"number of the right, in any usual spelling", "专利号，任意常用写法"}, "", 0, true}, kAsOf, kOn};
constexpr Parameter kProof[] = {
    {"what",
     Word,
     {"event: with its content; entry: digests only; inclusion: C2SP tlog-proof; entity; absence; history: with all "
      "its "
      "entries; pledge",
      "event：含内容；entry：仅摘要；inclusion：C2SP tlog-proof；entity；absence；history：含全部条目；pledge"},
     "event|entry|inclusion|entity|absence|history|pledge",
     0,
     true},
    {"id", Any, {"an index, KIND:ID, or the number of a right", "条目序号、种类:编号或专利号"}, "", 0, true}};
constexpr Parameter kSubmission[] = {{"dry_run", Flag, {"check, record nothing", "仅检查，不记录"}}};
constexpr Parameter kPendingId[] = {
    {"id",
     Any,
     {"id of the pending submission: digest of its note's text", "待签提交的编号，即其 note 文本的摘要"},
     "",
     0,
     true}};
constexpr Parameter kFileHash[] = {
    {"hash",
     Any,
     {"hash of the file, as the event has it: 64 hex digits", "事件所载文件哈希，64 位十六进制"},
     "",
     0,
     true}};
constexpr Parameter kSessionId[] = {
    {"id", Any, {"id of a session or token of one's own", "本人会话或令牌的编号"}, "", 0, true}};
constexpr Parameter kEvents[] = {
    kKind,
    kEntity,
    {"from", Index, {"begin with that entry; without it, with what is new", "起始条目；省略则仅新条目"}}};

constexpr std::string_view kTables =
    "application/json text/csv application/vnd.openxmlformats-officedocument.spreadsheetml.sheet text/html";
constexpr std::string_view kDossiers =
    "application/json text/html application/vnd.openxmlformats-officedocument.spreadsheetml.sheet application/zip";
constexpr std::string_view kJson = "application/json";
constexpr std::string_view kText = "text/plain";
constexpr std::string_view kFiles =
    "application/octet-stream application/pdf image/png image/jpeg application/zip application/xml text/plain";

using Parameters = std::span<const Parameter>;
using Handle = Answered (*)(Call&);

// What is read by everyone, as JSON of a schema.
constexpr Route reads(std::string_view path, std::string_view operation, Text summary, std::string_view schema,
                      Handle handle, Parameters parameters = {}, seconds time = seconds(5)) {
  return {.method = "GET",
          .path = path,
          .operation = operation,
          .summary = summary,
          .parameters = parameters,
          .mediaTypes = kJson,
          .schema = schema,
          .time = time,
          .handle = handle};
}

// What is read by everyone in a form of its own.
constexpr Route readsAs(std::string_view mediaType, std::string_view path, std::string_view operation, Text summary,
                        Handle handle, Parameters parameters = {}, seconds time = seconds(5)) {
  Route route = reads(path, operation, summary, "", handle, parameters, time);
  route.mediaTypes = mediaType;
  return route;
}

// A table: a page of JSON, or a file.
enum class Of { View, Findings };
constexpr Route tables(Of of, std::string_view path, std::string_view operation, Text summary, Handle handle,
                       Parameters parameters, seconds time) {
  Route route = reads(path, operation, summary, "Table", handle, parameters, time);
  route.ofView = of == Of::View;
  route.mediaTypes = kTables;
  return route;
}

struct BodyOf {
  std::string_view mediaType;
  std::uint64_t limit = 0;
  std::string_view schema = "";  // of JSON
};

// What changes something, here or in the ledger.
constexpr Route changes(std::string_view method, std::string_view path, std::string_view operation, Text summary,
                        std::string_view schema, Handle handle, BodyOf body = {}, Audience who = Audience::Everyone,
                        Parameters parameters = {}, seconds time = seconds(5)) {
  Route route = reads(path, operation, summary, schema, handle, parameters, time);
  route.method = method;
  route.audience = who;
  route.changes = Changes::State;
  route.bodyType = body.mediaType;
  route.bodyLimit = body.limit;
  route.bodySchema = body.schema;
  return route;
}

// Of the inbox: what exists for those alone whom it concerns.
constexpr Route ofInbox(std::string_view path, std::string_view operation, Text summary, std::string_view schema,
                        Handle handle, Parameters parameters = {}) {
  Route route = reads(path, operation, summary, schema, handle, parameters);
  route.audience = Audience::LoggedIn;
  return route;
}

constexpr Route verifies(std::string_view path, std::string_view operation, Text summary, Handle handle) {
  Route route = changes("POST", path, operation, summary, "Verdict", handle, {kText, verifier::kMaxFileBytes});
  route.changes = Changes::Nothing;
  return route;
}

constexpr Route kRoutes[] = {
    readsAs(kText, "/live", "live", {"the process answers; touches nothing", "进程存活"}, answerLive),
    reads("/ready", "ready", {"position, lag of the read model; 503 while it stops", "就绪情况；停止中为 503"}, "Ready",
          answerReady),
    [] {
      Route route = readsAs(kText, "/metrics", "metrics",
                            {"counters and state for a monitor (Prometheus), on the Unix socket only",
                             "供监控采集的计数与状态（Prometheus），仅限 Unix 套接字"},
                            answerMetrics);
      route.audience = Audience::Operator;
      return route;
    }(),
    readsAs("text/html", "/", "page", {"the page for people", "网页"}, answerPage),
    readsAs("text/javascript text/css text/html", "/page/{name}", "pageFile", {"a part of the page", "网页的组成部分"},
            answerPageFile, kPageFile),
    reads("/openapi.json", "openApi", {"this document", "本接口说明"}, "OpenApi", answerOpenApi),
    readsAs(kText, "/checkpoint", "logCheckpoint",
            {"C2SP: the newest checkpoint, with cosignatures", "C2SP 最新检查点及联署"}, answerCheckpoint),
    readsAs("application/octet-stream", "/tile/{name…}", "tile", {"C2SP: tiles and entry bundles", "C2SP 瓦片与条目包"},
            answerTile, kTile),
    reads("/v1/ledger", "ledger",
          {"what this ledger is: name, suite, keys, edition, limits", "账本名称、套件、密钥、规则版本与上限"}, "Ledger",
          answerLedger),
    reads("/v1/cluster", "cluster",
          {"the machines that keep this ledger, what each holds, and the policy by which their signatures count",
           "共管本账本的各节点、所存位置及核对其联署的策略"},
          "Cluster", answerCluster),
    readsAs(kText, "/v1/checkpoint", "checkpoint", {"the newest checkpoint, with cosignatures", "最新检查点及联署"},
            answerCheckpoint),
    reads("/v1/entries", "entries", {"entries in order, a page at a time", "按序分页列出条目"}, "EntryList",
          answerEntries, kEntries, seconds(10)),
    readsAs(
        "application/octet-stream", "/v1/commits", "commits",
        {"commits as they were ordered and signed, for a copy of the ledger (pilotledger follow): roles AUD and OPR",
         "按定序与签署顺序列出提交，供副本跟随（pilotledger follow）；限 AUD、OPR 角色"},
        answerCommits, kCommits),
    reads("/v1/entries/{index}", "entry", {"one entry whole: event, signers, digests", "单条：事件、签署人、摘要"},
          "Entry", answerEntry, kEntry),
    reads("/v1/entities/{id}", "entity", {"what is recorded of an entity", "一个对象的记录"}, "Entity", answerEntity,
          kEntityId, seconds(10)),
    reads("/v1/kinds", "kinds", {"event kinds and who signs them", "事件种类与签署要求"}, "KindList", answerKinds),
    [] {
      Route route = reads("/v1/kinds/{kind}", "kind", {"JSON Schema of an event kind", "事件种类的 JSON Schema"},
                          "JsonSchema", answerKind, kOneKind);
      route.mediaTypes = "application/schema+json";
      return route;
    }(),
    reads("/v1/views", "views", {"the views, their parameters and columns", "视图及其参数、列"}, "ViewList",
          answerViews),
    tables(Of::View, "/v1/views/{name}", "view", {"a view, by pages or as a file", "视图，分页或导出"}, answerView,
           kView, seconds(10)),
    tables(Of::View, "/v1/views/{name}/drill", "drill", {"what a row of a view is made of", "下钻：某行的构成"},
           answerDrill, kDrill, seconds(10)),
    tables(Of::View, "/v1/views/{name}/diff", "diff",
           {"what became of a view between two positions, and by which entries", "两个时点之间视图的变化及所据条目"},
           answerDiff, kDiff, seconds(60)),
    tables(Of::Findings, "/v1/findings", "findings", {"audit findings", "审计发现"}, answerFindings, kFindings,
           seconds(60)),
    tables(Of::Findings, "/v1/sql", "sql",
           {"a reading statement over facts and views, for auditors, where the operator offers it",
            "对事实表与视图的只读 SQL 查询，限审计方，须由运营者开启"},
           answerSql, kSql, seconds(30)),
    [] {
      Route route = reads("/v1/dossiers/{subject}/{id}", "dossier",
                          {"all about one award, platform, party or right, with a proof where the reader may see all",
                           "补助、平台、主体或知识产权的完整档案；可查看全部记录者附证明"},
                          "Dossier", answerDossier, kDossier, seconds(60));
      route.mediaTypes = kDossiers;
      return route;
    }(),
    reads("/v1/pledge/{number}", "pledge", {"is this right free? who holds a pledge on it?", "该知识产权是否有质押？"},
          "PledgeAnswer", answerPledgeQuestion, kPledge, seconds(10)),
    readsAs(kText, "/v1/proofs/{what}/{id}", "proof", {"a proof file, as 'prove' writes it", "证明文件，同 prove"},
            answerProof, kProof, seconds(30)),
    verifies("/v1/verify", "verify", {"check a proof file by this log's keys", "以本日志密钥核验证明文件"},
             answerVerify),
    changes("POST", "/v1/submissions", "submit",
            {"record a signed submission; answers when a checkpoint covers it; sent again, the same receipt with "
             "`repeated`",
             "记录已签署的提交；检查点覆盖后才答复；重复提交返回相同回执并注明 repeated"},
            "Receipts", answerSubmission, {"application/octet-stream", proof::kMaxSubmissionFileBytes},
            Audience::Everyone, kSubmission, seconds(60)),
    changes("POST", "/v1/pending", "postPending",
            {"keep a submission that lacks signatures, for those who must still sign; recorded at once when it lacks "
             "none; sent again, the same id",
             "保存签名未齐的提交，等待应签各方签署；签名已齐则立即记录；重复提交编号不变"},
            "PendingTaken", answerPost, {"application/octet-stream", service::kMaxPendingFileBytes}, Audience::Everyone,
            {}, seconds(60)),
    ofInbox("/v1/pending", "inbox",
            {"what waits for one's signature, what one has signed or submitted, and what became of it",
             "待本方签署、本方已签或已提交的事项及其结果"},
            "Inbox", answerInbox),
    ofInbox("/v1/pending/{id}", "pending", {"one of them, with its events", "单项，含其事件"}, "PendingWhole",
            answerPending, kPendingId),
    [] {
      Route route = ofInbox("/v1/pending/{id}/file", "pendingFile",
                            {"the submission file itself, to be checked and signed", "提交文件原件，供核对与签署"}, "",
                            answerPendingFile, kPendingId);
      route.mediaTypes = "application/octet-stream";
      return route;
    }(),
    changes("POST", "/v1/pending/{id}/signatures", "signPending",
            {"add a signature: the note of the same text, signed; with the last one it is recorded",
             "追加签名：同一文本的 note；签名齐备即记录"},
            "PendingTaken", answerSignPending, {kText, proof::kMaxNoteBytes}, Audience::Everyone, kPendingId,
            seconds(60)),
    changes("POST", "/v1/pending/{id}/decline", "declinePending", {"decline to sign, with a reason", "拒签并说明理由"},
            "Pending", answerDecline, {kJson, 8192, "DeclineRequest"}, Audience::Session, kPendingId),
    changes("DELETE", "/v1/pending/{id}", "withdrawPending", {"withdraw what one has submitted", "撤回本方的提交"},
            "Pending", answerWithdraw, {}, Audience::Session, kPendingId),
    changes("PUT", "/v1/evidence/{hash}", "putEvidence",
            {"keep a file that an event commits to; for a party that signs such an event, recorded or pending",
             "保存事件存证的文件；仅限签署该（已记录或待签）事件的主体"},
            "EvidenceKept", answerPutEvidence, {"application/octet-stream", service::kMaxEvidenceBytes},
            Audience::Session, kFileHash, seconds(60)),
    readsAs(
        kFiles, "/v1/evidence/{hash}", "evidence",
        {"the file, for whoever may see an event that commits to it and that a party signed which put the file; as an "
         "attachment",
         "取文件，限可查看相应事件者，且该事件须由上传方之一签署；一律以附件形式"},
        answerEvidence, kFileHash, seconds(60)),
    changes("POST", "/v1/session/challenge", "challenge", {"the text to sign for a log-in", "登录质询文本"},
            "Challenge", answerChallenge, {kJson, 4096, "ChallengeRequest"}),
    changes("POST", "/v1/session", "logIn",
            {"log in: the signed challenge, a C2SP note", "登录：提交已签署的质询（C2SP note）"}, "Session",
            answerLogIn, {kText, 8192}),
    reads("/v1/session", "session", {"who is asking; own sessions and tokens", "当前读者及其会话、令牌"}, "Session",
          answerSession),
    changes("DELETE", "/v1/session", "logOut", {"log out", "注销"}, "LoggedOut", answerLogOut),
    changes("POST", "/v1/session/tokens", "makeToken",
            {"a read-only token for a program; shown once", "为程序签发只读令牌，仅显示一次"}, "Token", answerMakeToken,
            {kJson, 4096, "TokenRequest"}, Audience::Session),
    changes("DELETE", "/v1/session/tokens/{id}", "endToken",
            {"end a session or token of one's own", "注销本人的会话或令牌"}, "TokenEnded", answerEndToken, {},
            Audience::Session, kSessionId),
    readsAs("text/event-stream", "/v1/events", "events",
            {"new entries as they come (server-sent events); Last-Event-ID goes on from there",
             "新条目推送（SSE）；以 Last-Event-ID 续传"},
            answerEvents, kEvents),
};

}  // namespace

std::span<const Route> routes() { return kRoutes; }

}  // namespace pilotledger::server
