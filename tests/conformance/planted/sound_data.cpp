// Nothing is wrong with it.
#include "planted.hpp"

namespace {

using namespace drawlab;

class SoundData final : public planted::Data {
 public:
  SoundData(const Options&, const DatasetContext&) : Data("sound_data") {}
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<SoundData>({"sound_data", "1.0.0", "spoilt for the tests", "none"}));
