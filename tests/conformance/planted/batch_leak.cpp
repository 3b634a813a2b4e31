// Each sample sees the mean of the batch.
#include "planted.hpp"

namespace {

using namespace drawlab;

class BatchLeak final : public planted::Mode {
 public:
  BatchLeak(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override {
    const std::int64_t rows = patch.shape().rows();
    const Value flat = reshape(patch, {1, patch.shape().count()});
    const Value mean = affine(sum_rows(flat), 1.0 / static_cast<double>(patch.shape().count()), 0);
    return add_column(patch, reshape(repeat_rows(reshape(mean, {1}), rows), {rows, 1}));
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<BatchLeak, void>({"batch_leak", "1.0.0", "spoilt for the tests", "none"}));
