// Its option changes no sample.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct UnreadOptions {
  int seed = 1;
  void declare(OptionTable& table) { table.integer("seed", seed, 1, 100, "which samples there are"); }
};

class UnreadOption final : public planted::Data {
 public:
  using Options = UnreadOptions;
  static std::vector<DatasetFile> files(const Options&) { return {}; }
  UnreadOption(const Options&, const DatasetContext&) : Data("unread_option") {}
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<UnreadOption>({"unread_option", "1.0.0", "spoilt for the tests", "none"}));
