// Its checksum is another one whenever it is opened.
#include "planted.hpp"

#include <atomic>

namespace {

using namespace drawlab;

class NewChecksum final : public planted::Data {
 public:
  NewChecksum(const Options&, const DatasetContext&) : Data("new_checksum") {
    static std::atomic<int> opened = 0;
    info_.checksum = std::to_string(++opened);
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<NewChecksum>({"new_checksum", "1.0.0", "spoilt for the tests", "none"}));
