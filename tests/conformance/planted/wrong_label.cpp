// One label has no class.
#include "planted.hpp"

namespace {

using namespace drawlab;

class WrongLabel final : public planted::Data {
 public:
  WrongLabel(const Options&, const DatasetContext&) : Data("wrong_label") {}

  void fill(Split split, std::span<const std::int64_t> indices, std::uint64_t epoch, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    Data::fill(split, indices, epoch, images, labels);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      if (indices[i] == 0) labels[i] = 2;
    }
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<WrongLabel>({"wrong_label", "1.0.0", "spoilt for the tests", "none"}));
