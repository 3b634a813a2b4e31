// Nothing is wrong with it: its option bounds the first weights, and changes nothing else.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct FirstWeightsOptions {
  double spread = 0.01;
  void declare(OptionTable& table) { table.real("spread", spread, 0.001, 1, "bound of the first weights"); }
};

class FirstWeights final : public planted::Mode {
 public:
  using Options = FirstWeightsOptions;
  FirstWeights(const Options& options, const ReadSetup& setup) : Mode(setup, Initial::uniform(options.spread)) {}
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<FirstWeights, void>({"first_weights", "1.0.0", "spoilt for the tests",
                                                                 "none"}));
