#include "tools/cli/command.h"

namespace pilotledger::cli {

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"init",
       {"make an empty ledger, its keys and the operator party", "建立空账本、密钥与运营主体"},
       "  pilotledger init --origin ledger.example.org --ledger ./ledger\n"
       "  pilotledger init --origin zj.example.cn --suite sm2-sm3 --policy zhejiang-draft.jsonl",
       declareInit},
      {"status",
       {"how the ledger stands; exit 1 when something needs attention", "账本状况；需要关注时退出码为 1"},
       "  pilotledger status\n  pilotledger status --max-age 3 --format json",
       declareStatus},
      {"key",
       {"make or show a signing key; change the log key", "生成或显示签名密钥；轮换日志密钥"},
       "  pilotledger key new bank.pem --name bank.example/pledges\n"
       "  pilotledger key show bank.pem\n"
       "  pilotledger key rotate-log --reason SUPERSEDED",
       declareKey},
      {"catalogue",
       {"event kinds with labels, signers and fields", "事件种类、签署要求与字段"},
       "  pilotledger catalogue\n  pilotledger catalogue SubsidyDisbursed --lang zh",
       declareCatalogue},
      {"template",
       {"a JSON skeleton of an event kind to fill in", "事件 JSON 模板"},
       "  pilotledger template PledgeRegistered > pledge.json\n"
       "  pilotledger template RevenueReceived --format xlsx -o revenue.xlsx && pilotledger record revenue.xlsx --key "
       "plt.pem",
       declareTemplate,
       Formats::Form},
      {"record",
       {"sign and record events (JSON or JSON Lines)", "签署并记录事件（JSON 或 JSON Lines）"},
       "  pilotledger record award.json --key treasury.pem --key eit.pem\n"
       "  pilotledger record SubsidyReceived award=A-2026-01 payee=91330400MA99J0013G amount=50万元 --key plt.pem\n"
       "  cat events.jsonl | pilotledger record --key platform.pem --batch 1000",
       declareRecord},
      {"correct",
       {"take an entry back and record it with other values", "更正条目：收回原条目，按新值重新记录"},
       "  pilotledger correct 93 amount=1200.50 --reason 'typed wrong' --key platform.pem",
       declareCorrect},
      {"reverse",
       {"take an entry back", "冲销条目"},
       "  pilotledger reverse 93 --reason 'recorded twice' --key platform.pem",
       declareReverse},
      {"sign",
       {"sign events for somebody else to countersign or submit", "签署事件，供他人会签或提交"},
       "  pilotledger sign contract.json --key seller.pem -o contract.sub\n"
       "  pilotledger sign contract.sub --key buyer.pem -o contract.signed.sub",
       declareSign},
      {"submit",
       {"record a signed submission", "记录已签署的提交"},
       "  pilotledger submit contract.signed.sub --dry-run\n  pilotledger submit contract.signed.sub",
       declareSubmit},
      {"inbox",
       {"submissions at a server that wait for signatures: list, show, sign, decline, withdraw",
        "服务器上的待签提交：列出、查看、签署、拒签、撤回"},
       "  pilotledger --server https://ledger.example.org inbox\n"
       "  pilotledger --server https://ledger.example.org inbox show 3f2a9c\n"
       "  pilotledger --server https://ledger.example.org inbox sign 3f2a9c --key authority.pem\n"
       "  pilotledger --server https://ledger.example.org inbox decline 3f2a9c --reason 'wrong amount'",
       declareInbox},
      {"evidence",
       {"files that events commit to, kept by a server", "服务器保存的证据文件"},
       "  pilotledger --server https://ledger.example.org evidence put invoice.pdf\n"
       "  pilotledger --server https://ledger.example.org evidence get HASH -o invoice.pdf",
       declareEvidence},
      {"import",
       {"record facts from a table, workbook, XML or JSON by declarative rules",
        "按规则文件从表格、工作簿、XML 或 JSON 导入事实"},
       "  pilotledger import awards.csv --rules sbir.toml --key importer.pem\n"
       "  pilotledger import awards.csv --rules sbir.toml --key importer.pem --dry-run",
       declareImport},
      {"seal",
       {"commit to a document whose fields stay off the log", "为文档生成加盐承诺值，内容不入账"},
       "  pilotledger seal parameters.json -o commitment.txt",
       declareSeal},
      {"disclose",
       {"show fields of a committed document, with proof", "披露承诺文档的部分字段并附证明"},
       "  pilotledger disclose COMMITMENT temperatureC -o temperature.disclosure\n  pilotledger verify "
       "temperature.disclosure",
       declareDisclose},
      {"erase",
       {"destroy what a commitment stands for, and record it", "销毁承诺值的开启信息并记录"},
       "  pilotledger erase COMMITMENT --key operator.pem --key platform.pem",
       declareErase},
      {"log",
       {"list entries", "列出条目"},
       "  pilotledger log --from 100\n  pilotledger log --entity award:A-2026-01 --format jsonl\n  pilotledger log "
       "--reader public --format jsonl",
       declareLog,
       Formats::Csv},
      {"show",
       {"one entry whole: event, signers, digests", "显示单条：事件、签署人、摘要"},
       "  pilotledger show 12\n  pilotledger show 12 --open",
       declareShow},
      {"entity",
       {"what the ledger knows of one entity", "显示一个对象的记录"},
       "  pilotledger entity award:A-2026-01",
       declareEntity},
      {"view",
       {"list the views, or show one", "列出视图或显示视图"},
       "  pilotledger view\n  pilotledger view subsidy_trace award=A-2026-01\n"
       "  pilotledger view subsidy_trace --drill 1\n  pilotledger view subsidy_trace --diff 2025-12-31 2026-06-30\n"
       "  pilotledger view revenue --as-of 2026-06-30 platform=P1 --format csv\n"
       "  pilotledger view pledge_register --reader party:91330200MA2BNK027M\n"
       "  pilotledger view platforms --views postgres://auditor@db.example/ledger",
       declareView,
       Formats::Tables},
      {"audit",
       {"all findings", "审计发现"},
       "  pilotledger audit --severity H\n  pilotledger audit --as-of 2026-06-30 --fail-on H",
       declareAudit,
       Formats::Tables},
      {"dossier",
       {"all about one award, platform, party or patent, as one file", "补助、平台、主体或专利的档案，一个文件"},
       "  pilotledger dossier award A-EQ-JH --format html -o award.html\n"
       "  pilotledger dossier platform YJ --format zip -o platform.zip\n"
       "  pilotledger dossier patent ZL202310990001.4 --format xlsx -o patent.xlsx",
       declareDossier,
       Formats::Booklet},
      {"pledge",
       {"is this patent free? who holds a pledge on it?", "该知识产权是否有质押？"},
       "  pilotledger pledge ZL202311000001.1\n  pilotledger pledge US9219817 --as-of 2026-06-30\n"
       "  pilotledger pledge ZL202311000001.1 --prove answer.proof",
       declarePledge,
       Formats::Tables},
      {"ledgers",
       {"the ledgers that an authority lists: sign a list, show it, record their checkpoints",
        "机关所列账本：签署名录、查看、记录其检查点"},
       "  pilotledger ledgers sign provinces --key authority.pem -o provinces.list\n"
       "  pilotledger ledgers show provinces.list --ledgers-key authority.vkey\n"
       "  pilotledger pledge ZL202310990001.4 --ledgers provinces.list --ledgers-key authority.vkey\n"
       "  pilotledger ledgers record zj.example.cn js.example.cn --key operator.pem",
       declareLedgers},
      {"sql",
       {"read-only SQL over facts and views", "对事实表只读查询"},
       "  pilotledger sql .tables\n  pilotledger sql \".schema expenditure_recorded\"\n"
       "  pilotledger sql \"SELECT kind, count(*) FROM entry GROUP BY kind ORDER BY kind\"",
       declareSql,
       Formats::Tables},
      {"simulate",
       {"a synthetic province with planted violations", "模拟一个省的数据，并埋入违规"},
       "  pilotledger --ledger sim simulate --platforms 20 --years 5 --seed 7\n"
       "  pilotledger simulate --platforms 5 --years 3 --jsonl -o events.jsonl",
       declareSimulate,
       Formats::Csv},
      {"prove",
       {"a file that proves an entry or a record to somebody who has the log's public key only",
        "生成证明文件，对方只需日志公钥即可核验"},
       "  pilotledger prove event 93 -o event.proof\n"
       "  pilotledger prove entity award:A-EQ-JH --complete -o award.proof\n"
       "  pilotledger prove entity ip:CN202120990003X --qr",
       declareProve},
      {"verify",
       {"check a proof file, or recompute the whole ledger", "核验证明文件，或重算整个账本"},
       "  pilotledger verify\n  pilotledger verify award.proof --key 'ledger.example.org+1a2b3c4d+AQ...' --policy "
       "my.policy --tsa-cert tsa.pem\n  pilotledger verify --key 'ledger.example.org+1a2b3c4d+AQ...'\n"
       "  pilotledger checkpoint -o kept; pilotledger verify --from kept\n  pilotledger verify --views "
       "postgres://auditor@db.example/ledger",
       declareVerify},
      {"checkpoint",
       {"the newest signed checkpoint; time stamps over it", "最新的签名检查点；为其加盖时间戳"},
       "  pilotledger checkpoint\n  pilotledger checkpoint --witnessed -o checkpoint\n"
       "  pilotledger checkpoint --timestamp http://tsa.example/tsr --tsa-cert tsa.pem\n"
       "  pilotledger checkpoint --timestamps --tsa-cert tsa.pem",
       declareCheckpoint},
      {"witness",
       {"have checkpoints cosigned, or be a witness", "请见证方联署检查点，或充当见证方"},
       "  pilotledger witness init /srv/witness --name witness.example/w1\n"
       "  pilotledger witness add-log /srv/witness --log 'ledger.example.org+1a2b3c4d+AQ...'\n"
       "  pilotledger witness run /srv/witness --listen 127.0.0.1:8086\n"
       "  pilotledger witness policy witnesses.policy && pilotledger witness collect && pilotledger witness status\n"
       "  pilotledger witness request -o request && pilotledger witness cosign /srv/witness request -o reply && "
       "pilotledger witness add reply",
       declareWitness},
      {"fork-evidence",
       {"show that a log signed two histories", "举证日志签署了两份历史"},
       "  pilotledger fork-evidence mine theirs -o evidence; pilotledger verify evidence\n"
       "  pilotledger fork-evidence mine theirs --tiles mirror --key 'ledger.example.org+1a2b3c4d+AQ...' -o evidence",
       declareForkEvidence},
      {"report",
       {"sign a view, or check a signed one cell by cell", "签署视图报告，或逐格核对已签署的报告"},
       "  pilotledger report certify revenue platform=P1 --key platform.pem -o revenue.report\n"
       "  pilotledger report verify revenue.report",
       declareReport},
      {"reconcile",
       {"a bank's statement against the ledger", "银行对账单与账本核对"},
       "  pilotledger reconcile 2026-03.xml --account 622202003344 --platform P1\n"
       "  pilotledger reconcile 2026-03.csv --rules bank.toml --account 622202003344",
       declareReconcile,
       Formats::Tables},
      {"export",
       {"the ledger in forms that other programs read", "导出为其他程序可读的形式"},
       "  pilotledger export tiles /srv/log\n  pilotledger export hledger -o books.journal\n"
       "  pilotledger export datapackage facts --as-of 2026-06-30\n  pilotledger export audit package",
       declareExport},
      {"backup",
       {"copy the ledger to put back, beside its writer; check a backup", "备份账本（可与写入同时进行）；核验备份"},
       "  pilotledger backup /srv/backup/2026-11-30\n  pilotledger backup verify /srv/backup/2026-11-30",
       declareBackup},
      {"restore",
       {"put a backup back as a ledger of this directory", "由备份恢复账本"},
       "  pilotledger restore /srv/backup/2026-11-30 --seen checkpoint\n"
       "  pilotledger --ledger ledger restore /srv/backup/2026-11-30 --alone",
       declareRestore},
      {"follow",
       {"keep a verified copy of a ledger that is served elsewhere", "跟随他处的账本，持续保存经核验的副本"},
       "  pilotledger follow https://ledger.example.org /srv/copy --key auditor.pem\n"
       "  pilotledger follow https://ledger.example.org /srv/copy --once --format json\n"
       "  pilotledger follow /srv/copy /srv/restored --once",
       declareFollow},
      {"takeover",
       {"make a copy the ledger, when the one it follows is lost", "原账本丢失时，将副本转为正本"},
       "  pilotledger takeover /srv/copy --log-key log.pem --checkpoint seen-by-witness\n"
       "  pilotledger takeover /srv/copy --log-key log.pem --alone",
       declareTakeover},
      {"cluster",
       {"one ledger on several machines: begin, join, admit, retire, status, policy, resume",
        "多机共管一个账本：建立、加入、增减成员、状态、策略、继续定序"},
       "  pilotledger cluster init --name a --listen 10.0.0.1:7443 --url https://10.0.0.1:7443 \\\n"
       "    --etcd https://10.0.0.1:2379 --etcd https://10.0.0.2:2379 --etcd https://10.0.0.3:2379 \\\n"
       "    --tls-ca ca.pem --tls-cert a.pem --tls-key a-key.pem --key operator.pem\n"
       "  pilotledger cluster status\n"
       "  pilotledger cluster policy -o nodes.policy && pilotledger verify answer.proof --policy nodes.policy",
       declareCluster},
      {"serve",
       {"answer over HTTP and take submissions, until it is stopped", "以 HTTP 提供查询与提交服务，直至停止"},
       "  pilotledger serve ledger --listen 127.0.0.1:8080\n"
       "  pilotledger serve --listen 0.0.0.0:8443 --host ledger.example.org --tls-cert chain.pem --tls-key key.pem\n"
       "  pilotledger serve --config serve.toml --check",
       declareServe},
      {"login",
       {"log in to a server with a key; the session is kept for --server", "用密钥登录服务器；会话供 --server 使用"},
       "  pilotledger login --server https://ledger.example.org --key bank.pem",
       declareLogin},
      {"logout",
       {"end the session at a server", "结束在服务器上的会话"},
       "  pilotledger logout --server https://ledger.example.org",
       declareLogout},
      {"login-sign",
       {"sign the challenge of a server, to log in to it", "签署服务端的登录质询"},
       "  pilotledger login-sign challenge --key bank.pem --for https://ledger.example.org -o signed",
       declareLoginSign},
      {"access-log",
       {"check the record of who read what from 'serve'", "核验服务的访问日志"},
       "  pilotledger access-log verify",
       declareAccessLog},
      {"completion",
       {"a script that completes words in bash", "bash 自动补全脚本"},
       "  . <(pilotledger completion)",
       declareCompletion},
      {"manual",
       {"the manual page", "手册页"},
       "  pilotledger manual > pilotledger.1 && man ./pilotledger.1",
       declareManual},
  };
  return kCommands;
}

}  // namespace pilotledger::cli
