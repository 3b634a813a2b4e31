// Compiled once for each instruction set: Highway's foreach_target.h includes this file again and again.
#include "kernels/weight_gradient.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

// foreach_target.h has to come before the others.
// clang-format off
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/weight_gradient.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>
#include <hwy/cache_control.h>
// clang-format on

HWY_BEFORE_NAMESPACE();
namespace drawlab::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// A tile of the gradient stays in registers while the rows of a chunk pass by: two vectors of outputs by as many inputs
// as there are registers for.
#if HWY_TARGET <= HWY_AVX3
constexpr std::int64_t kTile = 14;  // of 32 registers
#else
constexpr std::int64_t kTile = 6;  // of 16
#endif

/// Rows whose gradients of a tile's outputs lie in the first-level cache together.
constexpr std::int64_t kRowsAtOnce = 256;

/// Outputs of a tile.
HWY_ATTR HWY_INLINE std::int64_t panel_width() { return 2 * static_cast<std::int64_t>(hn::Lanes(D())); }

/// sums [kInputs, panel] += xᵀ·panel, for x [rows,kInputs] with `in` numbers from row to row.
template <std::int64_t kInputs>
HWY_ATTR void Tile(const float* x, std::int64_t in, const float* HWY_RESTRICT panel, std::int64_t rows,
                   float* HWY_RESTRICT sums) {
  const D d;
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(d));
  V low[kInputs];
  V high[kInputs];
  HWY_UNROLL(14)
  for (std::int64_t i = 0; i < kInputs; ++i) {
    low[i] = hn::Load(d, sums + i * 2 * lanes);
    high[i] = hn::Load(d, sums + i * 2 * lanes + lanes);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    hwy::Prefetch(x + 2 * kTile);  // the tile after the next one
    const V of_low = hn::Load(d, panel);
    const V of_high = hn::Load(d, panel + lanes);
    HWY_UNROLL(14)
    for (std::int64_t i = 0; i < kInputs; ++i) {
      const V factor = hn::Set(d, x[i]);
      low[i] = hn::MulAdd(factor, of_low, low[i]);
      high[i] = hn::MulAdd(factor, of_high, high[i]);
    }
    x += in;
    panel += 2 * lanes;
  }
  HWY_UNROLL(14)
  for (std::int64_t i = 0; i < kInputs; ++i) {
    hn::Store(low[i], d, sums + i * 2 * lanes);
    hn::Store(high[i], d, sums + i * 2 * lanes + lanes);
  }
}

using TileFunction = void (*)(const float*, std::int64_t, const float*, std::int64_t, float*);

template <std::int64_t... kInputs>
constexpr std::array<TileFunction, sizeof...(kInputs)> tiles(std::integer_sequence<std::int64_t, kInputs...>) {
  return {&Tile<kInputs + 1>...};
}
/// By the number of inputs, less one.
constexpr auto kTiles = tiles(std::make_integer_sequence<std::int64_t, kTile>());

/// Rows of d_y that one panel is made of.
struct Stretch {
  const RowChunk* chunk;
  std::int64_t first_row;
  std::int64_t first_out;
  std::int64_t outs;

  std::int64_t rows() const { return std::min(kRowsAtOnce, chunk->rows - first_row); }
  const float* d_y(std::int64_t out) const {
    return static_cast<const float*>(chunk->d_y) + first_row * out + first_out;
  }
};

/// Copies a stretch so that its rows lie one behind the other, filled up with zeros to the panel's width.
HWY_ATTR void FillPanel(const Stretch& from, std::int64_t out, float* HWY_RESTRICT panel) {
  const D d;
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const float* d_y = from.d_y(out);
  const std::int64_t rows = from.rows();
  for (std::int64_t row = 0; row < rows; ++row, d_y += out, panel += 2 * lanes) {
    if (from.outs == 2 * lanes) {
      hn::Store(hn::LoadU(d, d_y), d, panel);
      hn::Store(hn::LoadU(d, d_y + lanes), d, panel + lanes);
    } else {
      hn::Store(hn::Zero(d), d, panel);
      hn::Store(hn::Zero(d), d, panel + lanes);
      std::memcpy(panel, d_y, static_cast<std::size_t>(from.outs) * sizeof(float));
    }
  }
}

/// Fetches the next stretch into the cache little by little, while a panel is multiplied: its rows lie too far apart
/// for the processor to foresee.
class FetchAhead {
 public:
  HWY_ATTR FetchAhead(const Stretch& next, std::int64_t out, std::int64_t calls)
      : d_y_(next.chunk == nullptr ? nullptr : next.d_y(out)),
        out_(out),
        outs_(next.outs),
        rows_(next.chunk == nullptr ? 0 : next.rows()),
        rows_a_call_((rows_ + calls - 1) / calls) {}
  HWY_ATTR HWY_INLINE void some() {
    constexpr std::int64_t kLine = 64 / sizeof(float);
    for (const std::int64_t end = std::min(rows_, row_ + rows_a_call_); row_ < end; ++row_) {
      for (std::int64_t o = 0; o < outs_; o += kLine) hwy::Prefetch(d_y_ + row_ * out_ + o);
    }
  }

 private:
  const float* d_y_;
  std::int64_t out_, outs_, rows_, rows_a_call_;
  std::int64_t row_ = 0;
};

/// The stretches that a block's panels are filled from, in turn: panel by panel, and then the next rows.
class Stretches {
 public:
  Stretches(const RowChunk& latest, const WeightBlock& block, std::int64_t width)
      : block_(block), width_(width), now_{&latest, 0, block.first_out, std::min(width, block.outs)} {
    skip_empty();
  }
  bool done() const { return now_.chunk == nullptr; }
  const Stretch& now() const { return now_; }
  void step() {
    now_.first_out += width_;
    if (now_.first_out >= block_.first_out + block_.outs) {
      now_.first_out = block_.first_out;
      now_.first_row += kRowsAtOnce;
      skip_empty();
    }
    now_.outs = std::min(width_, block_.first_out + block_.outs - now_.first_out);
  }

 private:
  void skip_empty() {
    while (now_.chunk != nullptr && now_.first_row >= now_.chunk->rows) {
      now_.chunk = now_.chunk->earlier;
      now_.first_row = 0;
    }
  }
  WeightBlock block_;
  std::int64_t width_;
  Stretch now_;
};

HWY_ATTR void WeightGradient(const RowChunk& latest, const WeightBlock& block, std::int64_t out, std::int64_t in,
                             float* room, float* d_weight) {
  const std::int64_t width = panel_width();
  float* const panel = room;
  float* const sums = room + kRowsAtOnce * width;  // for each panel [ins, width]
  const std::int64_t panels = (block.outs + width - 1) / width;
  std::fill_n(sums, panels * block.ins * width, 0.0F);
  for (Stretches stretches(latest, block, width); !stretches.done();) {
    const Stretch now = stretches.now();
    stretches.step();
    FillPanel(now, out, panel);
    FetchAhead ahead(stretches.now(), out, (block.ins + kTile - 1) / kTile);
    const float* const x = static_cast<const float*>(now.chunk->x) + now.first_row * in + block.first_in;
    float* const sums_of_panel = sums + (now.first_out - block.first_out) * block.ins;
    for (std::int64_t i = 0; i < block.ins; i += kTile) {
      ahead.some();
      const std::int64_t inputs = std::min(kTile, block.ins - i);
      kTiles[static_cast<std::size_t>(inputs - 1)](x + i, in, panel, now.rows(), sums_of_panel + i * width);
    }
  }
  for (std::int64_t o = 0; o < block.outs; ++o) {
    float* const to = d_weight + (block.first_out + o) * in + block.first_in;
    const float* const from = sums + o / width * width * block.ins + o % width;
    for (std::int64_t i = 0; i < block.ins; ++i) to[i] += from[i * width];
  }
}

HWY_ATTR std::int64_t WeightGradientRoom(const WeightBlock& block) {
  const std::int64_t width = panel_width();
  return (kRowsAtOnce + (block.outs + width - 1) / width * block.ins) * width;
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(WeightGradient);
void weight_gradient(const RowChunk& latest, const WeightBlock& block, std::int64_t out, std::int64_t in, float* room,
                     float* d_weight) {
  HWY_DYNAMIC_DISPATCH(WeightGradient)(latest, block, out, in, room, d_weight);
}

HWY_EXPORT(WeightGradientRoom);
std::int64_t weight_gradient_room(const WeightBlock& block) { return HWY_DYNAMIC_DISPATCH(WeightGradientRoom)(block); }

namespace {

std::int64_t parts(std::int64_t n, std::int64_t most) { return (n + most - 1) / most; }

/// Part `index` of n, all of one width but the last; `unit`: what widths are multiples of.
std::pair<std::int64_t, std::int64_t> part(std::int64_t n, std::int64_t count, std::int64_t unit, std::int64_t index) {
  const std::int64_t width = ((n + count - 1) / count + unit - 1) / unit * unit;
  const std::int64_t first = std::min(index * width, n);
  return {first, std::min(width, n - first)};
}

}  // namespace

WeightBlocks::WeightBlocks(std::int64_t out, std::int64_t in, std::int64_t most_outs, std::int64_t most_ins)
    : out_(out), in_(in), out_parts_(parts(out, most_outs)), in_parts_(parts(in, most_ins)) {}

WeightBlock WeightBlocks::operator[](std::int64_t index) const {
  constexpr std::int64_t kOutUnit = 32;  // a panel of the widest vectors
  constexpr std::int64_t kInUnit = 42;   // tiles of 14 and of 6
  const auto [first_out, outs] = part(out_, out_parts_, kOutUnit, index / in_parts_);
  const auto [first_in, ins] = part(in_, in_parts_, kInUnit, index % in_parts_);
  return {first_out, outs, first_in, ins};
}

}  // namespace drawlab::kernels
#endif
