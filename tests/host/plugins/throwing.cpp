// A dataset whose opening fails in the way that its option names.
#include "drawlab/error.hpp"

#include "plugins/sound.hpp"

namespace {

using namespace drawlab;

enum class Failure { foreign, data, shape };

struct ThrowingOptions {
  Failure failure = Failure::foreign;

  void declare(OptionTable& table) {
    table.choice<Failure>("failure", failure,
                          {{"foreign", Failure::foreign}, {"data", Failure::data}, {"shape", Failure::shape}},
                          "what is thrown");
  }
};

class Throwing final : public test::Flat {
 public:
  using Options = ThrowingOptions;

  static std::vector<DatasetFile> files(const Options&) { throw std::runtime_error("no list today"); }

  Throwing(const Options& options, const DatasetContext& context) : Flat({}, context) {
    switch (options.failure) {
      case Failure::foreign:
        throw std::out_of_range("index 9 of 3");
      case Failure::data:
        throw DataError("numbers: cut at byte 12");
      case Failure::shape:
        throw ShapeError("matmul: [2] and [3] do not fit");
    }
  }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_dataset<Throwing>({"throwing", "1.0.0", "fails", "none"}));
