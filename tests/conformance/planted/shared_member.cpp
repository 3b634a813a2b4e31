// Two options are declared for one member.
#include "planted.hpp"

namespace {

using namespace drawlab;

struct SharedMemberOptions {
  double scale = 1;
  void declare(OptionTable& table) {
    table.real("scale", scale, 0.5, 2, "what the patch is multiplied by");
    table.real("shift", scale, 0.5, 2, "what is added to it");
  }
};

class SharedMember final : public planted::Mode {
 public:
  using Options = SharedMemberOptions;
  SharedMember(const Options& options, const ReadSetup& setup) : Mode(setup), options_(options) {}

 private:
  Value spoilt(Value patch) const override { return affine(patch, options_.scale, options_.scale); }
  Options options_;
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<SharedMember, void>({"shared_member", "1.0.0", "spoilt for the tests",
                                                                 "none"}));
