#include "drawlab/error.hpp"

#include "configuration/model_maker.hpp"
#include "small.hpp"
#include "training/batch_ahead.hpp"
#include "training/training_step.hpp"

#include <dlfcn.h>
#include <execinfo.h>
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdlib>
#include <new>
#include <numeric>
#include <string>
#include <string_view>

// Every `new` of this program and of the libraries it loads comes through here, and is counted for whoever asked: the
// nearest caller outside the C++ library.
namespace {

std::atomic<bool> counting = false;
std::atomic<int> ours = 0;
std::atomic<int> others = 0;
std::array<std::atomic<const void*>, 8> places;  // where ours came from, some of them

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

void count() {
  if (!counting.load(std::memory_order_relaxed)) return;
  static thread_local bool inside = false;
  if (inside) return;
  inside = true;
  void* frames[16];
  const int depth = backtrace(frames, 16);
  for (int i = 2; i < depth; ++i) {
    Dl_info info{};
    if (dladdr(frames[i], &info) == 0 || info.dli_fname == nullptr) continue;
    const std::string_view library(info.dli_fname);
    if (has(library, "libstdc++") || has(library, "libc.so")) continue;
    // Templates of TBB are compiled into whoever uses them, but ask TBB's library for their memory.
    if (has(library, "drawlab")) {
      const int number = ours.fetch_add(1);
      if (number % 61 == 0) places[static_cast<std::size_t>(number / 61) % places.size()] = frames[i];
    } else {
      ++others;
    }
    break;
  }
  inside = false;
}

void* allocate(std::size_t bytes, std::size_t alignment) {
  count();
  void* const memory = alignment == 0 ? std::malloc(bytes)
                                      : std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return allocate(bytes, 0); }
void* operator new(std::size_t bytes, std::align_val_t alignment) {
  return allocate(bytes, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace drawlab {
namespace {

using tests::mode;
using tests::small_cell;

class Counted {
 public:
  Counted() {
    void* frame[1];
    backtrace(frame, 1);  // loads what it needs
    ours = 0;
    others = 0;
    for (auto& place : places) place = nullptr;
    counting = true;
  }
  ~Counted() { counting = false; }
};

TEST(Allocations, AreCountedForWhoeverAsked) {
  std::unique_ptr<int> mine;
  {
    const Counted counted;
    mine = std::make_unique<int>(1);
  }
  EXPECT_EQ(ours, 1);
  {
    const Counted counted;
    (void)tests::built_plugins();
  }
  EXPECT_GT(ours, 1) << "what libraries allocate is not seen";
}

std::string some_places() {
  std::string text;
  for (const auto& place : places) {
    Dl_info info{};
    if (place == nullptr || dladdr(place, &info) == 0) continue;
    text += std::string("\n  ") + info.dli_fname + " " + (info.dli_sname == nullptr ? "?" : info.dli_sname);
  }
  return text;
}

CellConfig whole_digits(const PluginChoice& read, const PluginChoice& write) {
  CellConfig cell = small_cell(read, write);
  cell.model.glimpses = 4;
  cell.training.batch = 32;
  cell.training.shard = 8;
  return cell;
}

/// Digits that lie in memory as those of MNIST do: what a generator of images needs while it draws is its own affair.
class Drawn final : public Dataset {
 public:
  Drawn(const Dataset& from, std::int64_t count)
      : info_(from.info()),
        images_(static_cast<std::size_t>(count * info_.image.count())),
        labels_(static_cast<std::size_t>(count)) {
    info_.counts.fill(count);
    std::vector<std::int64_t> all(static_cast<std::size_t>(count));
    std::iota(all.begin(), all.end(), std::int64_t{0});
    from.fill(Split::train, all, 0, images_, labels_);
  }
  const DatasetInfo& info() const override { return info_; }
  void fill(Split, std::span<const std::int64_t> indices, std::uint64_t, std::span<float> images,
            std::span<std::int32_t> labels) const override {
    const std::int64_t size = info_.image.count();
    for (std::size_t i = 0; i < indices.size(); ++i) {
      std::copy_n(images_.begin() + indices[i] * size, size, images.begin() + static_cast<std::int64_t>(i) * size);
      labels[i] = labels_[static_cast<std::size_t>(indices[i])];
    }
  }

 private:
  DatasetInfo info_;
  std::vector<float> images_;
  std::vector<std::int32_t> labels_;
};

TEST(Allocations, OfASteadyTrainingStepAreNone) {
  PluginHost plugins = tests::built_plugins();
  constexpr std::int64_t kSteps = 65;  // of a pass, the last on 20 samples instead of 32
  const Drawn data(*tests::open_dataset(plugins, "digits"), (kSteps - 1) * 32 + 20);
  std::vector<CellConfig> cells = {whole_digits(mode("gaussian", 2), mode("gaussian", 5)),
                                   whole_digits(mode("gaussian", 2), mode("gaussian", 5)),
                                   whole_digits(mode("global"), mode("global"))};
  cells.push_back(whole_digits(mode("gaussian", 2), {}));
  cells.back().task = Task::classify;
  cells.push_back(cells.front());
  cells.back().model.normalization = ModelOptions::Normalization::layer;
  cells.back().training.averaging = 0.9;
  if (has_bf16_products()) {
    cells.push_back(cells.front());
    cells.back().training.precision = TrainingOptions::Precision::bf16;
  }
  for (std::size_t i = 0; i < cells.size(); ++i) {
    SCOPED_TRACE(i);
    const CellConfig& cell = cells[i];
    ParameterStore store;
    const auto model = make_model(cell, data.info().image, data.info().classes, plugins, store);
    store.initialise(cell.seed);
    const auto packed = pack_weights(store, cell.training);
    Workers workers(store, packed.get(), 2);
    if (i == 1) workers.set_composed();
    TrainingStep step(*model, store, *packed, workers, cell.training);
    BatchAhead ahead(data, cell.training.batch, cell.training.shard);
    std::vector<std::int64_t> order(static_cast<std::size_t>(data.info().count(Split::train)));
    std::iota(order.begin(), order.end(), std::int64_t{0});
    std::int64_t number = 0;
    const auto take = [&] { step.run(ahead.next(), {cell.seed, number++, cell.training.learning_rate, 1}); };
    // Which thread takes which shard is chance, and on a busy machine one may meet a shape late: what goes on
    // allocating never has a pass without.
    for (int pass = 0; pass < 6; ++pass) {
      ahead.begin(order, 0, 0);
      const Counted counted;
      for (std::int64_t step_of_pass = 0; step_of_pass < kSteps; ++step_of_pass) take();
      if (ours == 0) break;
    }
    EXPECT_EQ(ours, 0) << "such as " << some_places();
  }
}

}  // namespace
}  // namespace drawlab
