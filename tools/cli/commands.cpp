#include "tools/cli/command.h"

namespace pilotledger::cli {

std::span<const Command> commands() {
  static constexpr Command kCommands[] = {
      {"init", {"make an empty ledger, its keys and the operator party", "建立空账本、密钥与运营主体"},
       "  pilotledger init --origin ledger.example.org --ledger ./ledger\n"
       "  pilotledger init --origin zj.example.cn --suite sm2-sm3 --policy zhejiang-draft.jsonl", declareInit},
      {"key", {"make or show a signing key", "生成或显示签名密钥"},
       "  pilotledger key new bank.pem --name bank.example/pledges\n"
       "  pilotledger key show bank.pem", declareKey},
      {"catalogue", {"event kinds with labels, signers and fields", "事件种类、签署要求与字段"},
       "  pilotledger catalogue\n  pilotledger catalogue SubsidyDisbursed --lang zh", declareCatalogue},
      {"template", {"a JSON skeleton of an event kind to fill in", "事件 JSON 模板"},
       "  pilotledger template PledgeRegistered > pledge.json", declareTemplate},
      {"record", {"sign and record events (JSON or JSON Lines)", "签署并记录事件（JSON 或 JSON Lines）"},
       "  pilotledger record award.json --key treasury.pem --key eit.pem\n"
       "  cat events.jsonl | pilotledger record --key platform.pem --batch 1000", declareRecord},
      {"sign", {"sign events for somebody else to countersign or submit", "签署事件，供他人会签或提交"},
       "  pilotledger sign contract.json --key seller.pem -o contract.sub\n"
       "  pilotledger sign contract.sub --key buyer.pem -o contract.signed.sub", declareSign},
      {"submit", {"record a signed submission", "记录已签署的提交"}, "  pilotledger submit contract.signed.sub", declareSubmit},
      {"import", {"record facts from a CSV file by declarative rules", "按规则文件从 CSV 导入事实"},
       "  pilotledger import awards.csv --rules sbir.toml --key importer.pem\n"
       "  pilotledger import awards.csv --rules sbir.toml --key importer.pem --dry-run", declareImport},
      {"log", {"list entries", "列出条目"},
       "  pilotledger log --from 100\n  pilotledger log --entity award:A-2026-01 --format jsonl", declareLog},
      {"show", {"one entry whole: event, signers, digests", "显示单条：事件、签署人、摘要"}, "  pilotledger show 12", declareShow},
      {"entity", {"what the ledger knows of one entity", "显示一个对象的记录"}, "  pilotledger entity award:A-2026-01", declareEntity},
      {"view", {"list the views, or show one", "列出视图或显示视图"},
       "  pilotledger view\n  pilotledger view subsidy_trace award=A-2026-01\n"
       "  pilotledger view subsidy_trace --drill 1\n  pilotledger view subsidy_trace --diff 2025-12-31 2026-06-30\n"
       "  pilotledger view revenue --as-of 2026-06-30 platform=P1 --format csv", declareView},
      {"audit", {"all findings", "审计发现"},
       "  pilotledger audit --severity H\n  pilotledger audit --as-of 2026-06-30 --fail-on H", declareAudit},
      {"pledge", {"is this patent free? who holds a pledge on it?", "该知识产权是否有质押？"},
       "  pilotledger pledge ZL202311000001.1\n  pilotledger pledge US9219817 --as-of 2026-06-30", declarePledge},
      {"sql", {"read-only SQL over facts and views", "对事实表只读查询"},
       "  pilotledger sql .tables\n  pilotledger sql \".schema expenditure_recorded\"\n"
       "  pilotledger sql \"SELECT kind, count(*) FROM entry GROUP BY kind ORDER BY kind\"", declareSql},
      {"simulate", {"a synthetic province with planted violations", "模拟一个省的数据，并埋入违规"},
       "  pilotledger --ledger sim simulate --platforms 20 --years 5 --seed 7\n"
       "  pilotledger simulate --platforms 5 --years 3 --jsonl -o events.jsonl", declareSimulate},
      {"verify", {"recompute the whole ledger and compare", "重算并核对整个账本"},
       "  pilotledger verify\n  pilotledger verify --key 'ledger.example.org+1a2b3c4d+AQ...'\n"
       "  pilotledger checkpoint -o kept; pilotledger verify --from kept", declareVerify},
      {"checkpoint", {"the newest signed checkpoint", "最新的签名检查点"}, "  pilotledger checkpoint", declareCheckpoint},
      {"export", {"the ledger in forms that other programs read", "导出为其他程序可读的形式"},
       "  pilotledger export tiles /srv/log", declareExport},
  };
  return kCommands;
}

}  // namespace pilotledger::cli
