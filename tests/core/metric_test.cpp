#include "training/metric.hpp"

#include <gtest/gtest.h>

namespace drawlab {
namespace {

TEST(MetricName, ComesBackFromItsText) {
  for (const Split split : kSplits) {
    for (int i = 0; i <= static_cast<int>(Quantity::best_epoch); ++i) {
      const auto quantity = static_cast<Quantity>(i);
      const MetricName name{split, quantity, quantity == Quantity::kl_glimpse ? 12 : 0};
      EXPECT_EQ(parse_metric(metric_text(name)), name) << metric_text(name);
      EXPECT_EQ(parse_metric(split, quantity_text(name)), name);
    }
  }
}

TEST(MetricName, IsStoredByTheWordsThatTheDatabaseDocuments) {
  EXPECT_EQ(metric_text({Split::test, Quantity::nll}), "test_nll");
  EXPECT_EQ(metric_text({Split::validation, Quantity::nll_per_dimension}), "validation_nll_per_dimension");
  EXPECT_EQ(quantity_text({Split::test, Quantity::kl_glimpse, 3}), "kl_glimpse_3");
}

TEST(MetricName, IsNoOtherText) {
  for (const char* text : {"", "test", "test_", "nll", "tran_nll", "test_nll_", "test_kl_glimpse_", "test_kl_glimpse_0",
                           "test_kl_glimpse_1x", "test_kl_glimpse_-1", "_nll"}) {
    EXPECT_FALSE(parse_metric(text)) << text;
  }
}

TEST(MetricName, SortsGlimpsesByNumber) {
  EXPECT_LT((MetricName{Split::test, Quantity::kl_glimpse, 2}), (MetricName{Split::test, Quantity::kl_glimpse, 10}));
}

}  // namespace
}  // namespace drawlab
