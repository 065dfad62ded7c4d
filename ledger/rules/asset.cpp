// Equipment that subsidies paid for: installed, moved, disposed of once.
#include <fmt/format.h>

#include "ledger/rules/rules.h"

namespace pilotledger::ledger::rules {
Status assetInstalled(RuleContext& context) {
  auto body = context.body().getAssetInstalled();
  PL_TRY(EntityRecord * asset, context.edit("asset", body.getAsset().cStr()));
  asset->set("state", body.getInUse() ? "in-use" : "installed");
  asset->set("party.plt", body.getOwner().cStr());
  asset->set("award", body.getAward().cStr());
  return {};
}

Status assetInstalledUndo(RuleContext& context) {
  std::string id = context.body().getAssetInstalled().getAsset().cStr();
  PL_TRY(EntityRecord * asset, context.edit("asset", id));
  if (asset->number("moved") != 0 || asset->get("state") == "disposed") {
    return refusal("R-REVERSAL-STATE", entityKey("asset", id), "neither moved nor disposed of",
                   asset->get("state") == "disposed" ? "disposed" : "moved", "reverse what happened to it first",
                   "请先冲销其移动或处置记录");
  }
  asset->set("state", "reversed");
  return {};
}

Status assetMoved(RuleContext& context) {
  auto body = context.body().getAssetMoved();
  std::string entity = entityKey("asset", body.getAsset().cStr());
  PL_TRY(EntityRecord * asset, context.edit("asset", body.getAsset().cStr()));
  PL_CHECK(requireState(*asset, entity, "R-ASSET-STATE", "installed|in-use"));
  if (!context.undoing) asset->set("state", body.getInUse() ? "in-use" : "installed");
  return asset->add("moved", context.change(1));
}

Status assetDisposed(RuleContext& context) {
  auto body = context.body().getAssetDisposed();
  std::string entity = entityKey("asset", body.getAsset().cStr());
  PL_TRY(EntityRecord * asset, context.edit("asset", body.getAsset().cStr()));
  return moveState(context, *asset, entity, "R-ASSET-STATE", "installed|in-use", "disposed");
}

std::span<const RuleRow> assetRules() {
  using enum events::schema::Event::Body::Which;
  static constexpr RuleRow kRows[] = {
      {1, ASSET_INSTALLED, {assetInstalled, assetInstalledUndo}},
      {1, ASSET_MOVED, {assetMoved, assetMoved}},
      {1, ASSET_DISPOSED, {assetDisposed, assetDisposed}},
  };
  return kRows;
}

}  // namespace pilotledger::ledger::rules
