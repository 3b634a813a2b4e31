// A mode with both halves, each with its own options.
#include "drawlab/plugin.hpp"

namespace {

using namespace drawlab;

template <int kStandard>
struct WindowOptions {
  int size = kStandard;
  void declare(OptionTable& table) { table.integer("size", size, 1, 64, "filters along each side"); }
};

class Reader final : public ReadMode {
 public:
  using Options = WindowOptions<2>;
  Reader(const Options& options, const ReadSetup& setup) : patch_size_(options.size * setup.image_count) {}
  std::int64_t patch_size() const override { return patch_size_; }
  ReadResult read(std::span<const Value> images, Value) const override { return {images[0], std::nullopt}; }

 private:
  std::int64_t patch_size_;
};

class Writer final : public WriteMode {
 public:
  using Options = WindowOptions<5>;
  Writer(const Options&, const WriteSetup&) {}
  WriteResult write(Value state) const override { return {state, std::nullopt}; }
};

}  // namespace

DRAWLAB_PLUGIN(drawlab::describe_read_write<Reader, Writer>({"window", "1.2.0", "a window", "the DRAW paper"}));
