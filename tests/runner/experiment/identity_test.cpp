#include "runner/experiment/identity.hpp"

#include "runner/experiment/experiment_file.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace drawlab::runner {
namespace {

constexpr const char* kCell = R"(
  task: generate
  dataset: digits
  read: {gaussian: {size: 2}}
  write: global
  model: {glimpses: 4}
  seed: 3
)";

class Identity : public testing::Test {
 protected:
  std::string identity(const std::string& text) {
    Diagnostics diagnostics;
    const CellConfig cell = CellConfig::parse(parse_yaml(text, "cell.yaml", diagnostics), plugins_, diagnostics);
    diagnostics.throw_if_errors();
    return cell_identity(cell, data_, plugins_);
  }

  static std::string with(const std::string& text, const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  }

  PluginHost plugins_{PluginHost::standard_folders()};
  DatasetInfo data_{"digits", {1, 28, 28}, {10, 10, 10}, 10, "", PixelKind::grey, "", "", false, "checksum", {}};
};

TEST_F(Identity, IsTheSameForDefaultsWrittenOutAndInAnyOrder) {
  const std::string first = identity(kCell);
  EXPECT_EQ(first.size(), 64u);
  EXPECT_EQ(identity(with(kCell, "seed: 3", "seed: 3\n  training: {learning_rate: 0.001}")), first);
  EXPECT_EQ(identity(with(with(kCell, "task: generate", ""), "seed: 3", "seed: 3\n  task: generate")), first);
}

TEST_F(Identity, ChangesWithEverythingThatChangesTheResult) {
  const std::string first = identity(kCell);
  EXPECT_NE(identity(with(kCell, "seed: 3", "seed: 4")), first);
  EXPECT_NE(identity(with(kCell, "size: 2", "size: 3")), first);
  EXPECT_NE(identity(with(kCell, "glimpses: 4", "glimpses: 5")), first);
  EXPECT_NE(identity(with(kCell, "write: global", "write: gaussian")), first);
  data_.checksum = "other";
  EXPECT_NE(identity(kCell), first);
}

TEST_F(Identity, ChangesWithWhatADatasetIsMadeOf) {
  const std::string first = identity(kCell);
  data_.sources = {{"digits", "one"}};
  const std::string one = identity(kCell);
  data_.sources = {{"digits", "two"}};
  EXPECT_NE(one, first);
  EXPECT_NE(identity(kCell), one);
}

TEST_F(Identity, DoesNotChangeWithWhatCannotChangeTheResult) {
  EXPECT_EQ(identity(with(kCell, "seed: 3", "seed: 3\n  training: {checkpoint_seconds: 5}")), identity(kCell));
}

}  // namespace
}  // namespace drawlab::runner
