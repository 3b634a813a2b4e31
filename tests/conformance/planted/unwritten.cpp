// The last sample of a split loses its last pixel.
#include "planted.hpp"

namespace {

using namespace drawlab;

class Unwritten final : public planted::Data {
 public:
  Unwritten(const Options&, const DatasetContext&) : Data("unwritten") {}

 private:
  void write(Split split, std::int64_t index, std::uint64_t epoch, std::span<float> image) const override {
    Data::write(split, index, epoch, index == info().count(split) - 1 ? image.first(19) : image);
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Unwritten>({"unwritten", "1.0.0", "spoilt for the tests", "none"}));
