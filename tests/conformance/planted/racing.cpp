// It keeps a number for a moment, which other threads write to meanwhile.
#include "planted.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

using namespace drawlab;

class Racing final : public planted::Mode {
 public:
  Racing(const Options&, const ReadSetup& setup) : Mode(setup) {}

 private:
  Value spoilt(Value patch) const override {
    const std::int64_t rows = patch.shape().rows();
    rows_ = rows;
    std::this_thread::sleep_for(std::chrono::microseconds(20));
    return affine(patch, static_cast<double>(rows_) / static_cast<double>(rows), 0);
  }
  mutable std::atomic<std::int64_t> rows_ = 0;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Racing, void>({"racing", "1.0.0", "spoilt for the tests", "none"}));
