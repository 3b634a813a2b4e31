// It keeps for a moment how many samples it is asked for, which other threads write to meanwhile.
#include "planted.hpp"

#include <atomic>
#include <chrono>
#include <thread>

namespace {

using namespace drawlab;

class RacingData final : public planted::Data {
 public:
  RacingData(const Options&, const DatasetContext&) : Data("racing_data") {}

  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    count_ = indices.size();
    std::this_thread::sleep_for(std::chrono::microseconds(20));
    Data::fill(split, indices, epoch, images, labels);
    const float share = static_cast<float>(count_) / static_cast<float>(indices.size());
    for (float& pixel : images) pixel *= share;
  }

 private:
  mutable std::atomic<std::size_t> count_ = 0;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<RacingData>({"racing_data", "1.0.0", "spoilt for the tests", "none"}));
