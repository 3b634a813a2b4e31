// It ends the process when it is asked for its options, which is before the first check.
#include "planted.hpp"

#include <cstdlib>

namespace {

using namespace drawlab;

struct AbortingOptionsOptions {
  void declare(OptionTable&) { std::abort(); }
};

class AbortingOptions final : public planted::Mode {
 public:
  using Options = AbortingOptionsOptions;
  AbortingOptions(const Options&, const ReadSetup& setup) : Mode(setup) {}
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<AbortingOptions, void>({"aborting_options", "1.0.0", "spoilt for the tests",
                                                                    "none"}));
