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

// A tile of the gradient stays in registers while the rows of a chunk pass by: two vectors of one operand's columns by
// as many of the other's as there are registers for.
#if HWY_TARGET <= HWY_AVX3
constexpr std::int64_t kTile = 14;  // of 32 registers
#else
constexpr std::int64_t kTile = 6;  // of 16
#endif

/// Rows whose part of a panel lies in the nearest cache, beside what else goes by.
constexpr std::int64_t kRowsAtOnce = 128;

/// Columns of a panel: two vectors.
HWY_ATTR HWY_INLINE std::int64_t panel_width() { return 2 * static_cast<std::int64_t>(hn::Lanes(D())); }

/// Some columns of the rows that a layer has collected: of what it was given, or of the gradient of what it gave.
struct Operand {
  void* RowChunk::*numbers;
  std::int64_t row_size;
  std::int64_t first, count;

  const float* at(const RowChunk& chunk, std::int64_t row, std::int64_t column) const {
    return static_cast<const float*>(chunk.*numbers) + row * row_size + first + column;
  }
};

/// sums [kColumns, panel] += aᵀ·panel, for a [rows,kColumns] with `row_size` numbers from row to row.
template <std::int64_t kColumns>
HWY_ATTR void multiply_tile(const float* a, std::int64_t row_size, const float* HWY_RESTRICT panel, std::int64_t rows,
                            float* HWY_RESTRICT sums) {
  const D d;
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(d));
  V low[kColumns];
  V high[kColumns];
  HWY_UNROLL(14)
  for (std::int64_t i = 0; i < kColumns; ++i) {
    low[i] = hn::Load(d, sums + i * 2 * lanes);
    high[i] = hn::Load(d, sums + i * 2 * lanes + lanes);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    hwy::Prefetch(a + 2 * kTile);  // the tile after the next one
    const V of_low = hn::Load(d, panel);
    const V of_high = hn::Load(d, panel + lanes);
    HWY_UNROLL(14)
    for (std::int64_t i = 0; i < kColumns; ++i) {
      const V factor = hn::Set(d, a[i]);
      low[i] = hn::MulAdd(factor, of_low, low[i]);
      high[i] = hn::MulAdd(factor, of_high, high[i]);
    }
    a += row_size;
    panel += 2 * lanes;
  }
  HWY_UNROLL(14)
  for (std::int64_t i = 0; i < kColumns; ++i) {
    hn::Store(low[i], d, sums + i * 2 * lanes);
    hn::Store(high[i], d, sums + i * 2 * lanes + lanes);
  }
}

using TileFunction = void (*)(const float*, std::int64_t, const float*, std::int64_t, float*);

template <std::int64_t... kColumns>
constexpr std::array<TileFunction, sizeof...(kColumns)> tiles(std::integer_sequence<std::int64_t, kColumns...>) {
  return {&multiply_tile<kColumns + 1>...};
}
/// By the number of columns, less one.
constexpr auto kTiles = tiles(std::make_integer_sequence<std::int64_t, kTile>());

/// What one panel is filled with.
struct Stretch {
  const RowChunk* chunk;  // null: nothing
  std::int64_t first_row;
  std::int64_t first_column;
  std::int64_t columns;

  std::int64_t rows() const { return std::min(kRowsAtOnce, chunk->rows - first_row); }
};

/// The stretches of an operand in turn: panel by panel, and then the next rows.
class Stretches {
 public:
  Stretches(const RowChunk& latest, const Operand& operand, std::int64_t width)
      : operand_(operand), width_(width), now_{&latest, 0, 0, std::min(width, operand.count)} {
    skip_used();
  }
  bool done() const { return now_.chunk == nullptr; }
  const Stretch& now() const { return now_; }
  void step() {
    now_.first_column += width_;
    if (now_.first_column >= operand_.count) {
      now_.first_column = 0;
      now_.first_row += kRowsAtOnce;
      skip_used();
    }
    now_.columns = std::min(width_, operand_.count - now_.first_column);
  }

 private:
  void skip_used() {
    while (now_.chunk != nullptr && now_.first_row >= now_.chunk->rows) {
      now_.chunk = now_.chunk->earlier;
      now_.first_row = 0;
    }
  }
  Operand operand_;
  std::int64_t width_;
  Stretch now_;
};

/// Copies a stretch so that its rows lie one behind the other, filled up with zeros to the panel's width.
HWY_ATTR void fill_panel(const Operand& operand, const Stretch& stretch, float* HWY_RESTRICT panel) {
  const D d;
  const std::int64_t lanes = static_cast<std::int64_t>(hn::Lanes(d));
  const float* from = operand.at(*stretch.chunk, stretch.first_row, stretch.first_column);
  const std::int64_t rows = stretch.rows();
  for (std::int64_t row = 0; row < rows; ++row, from += operand.row_size, panel += 2 * lanes) {
    if (stretch.columns == 2 * lanes) {
      hn::Store(hn::LoadU(d, from), d, panel);
      hn::Store(hn::LoadU(d, from + lanes), d, panel + lanes);
    } else {
      hn::Store(hn::Zero(d), d, panel);
      hn::Store(hn::Zero(d), d, panel + lanes);
      std::memcpy(panel, from, static_cast<std::size_t>(stretch.columns) * sizeof(float));
    }
  }
}

/// Fetches the next stretch into the cache little by little, while a panel is multiplied: its rows may lie too far
/// apart for the processor to foresee.
class FetchAhead {
 public:
  FetchAhead(const Operand& operand, const Stretch& next, std::int64_t calls) {
    if (next.chunk == nullptr) return;
    numbers_ = operand.at(*next.chunk, next.first_row, next.first_column);
    row_size_ = operand.row_size;
    columns_ = next.columns;
    rows_ = next.rows();
    rows_a_call_ = (rows_ + calls - 1) / calls;
  }
  void some() {
    constexpr std::int64_t kLine = 64 / sizeof(float);
    for (const std::int64_t end = std::min(rows_, row_ + rows_a_call_); row_ < end; ++row_) {
      for (std::int64_t column = 0; column < columns_; column += kLine) {
        hwy::Prefetch(numbers_ + row_ * row_size_ + column);
      }
    }
  }

 private:
  const float* numbers_ = nullptr;
  std::int64_t row_size_ = 0, columns_ = 0;
  std::int64_t rows_ = 0, rows_a_call_ = 0;
  std::int64_t row_ = 0;
};

/// sums, for each panel of `wide` [columns of narrow, panel], = Σ over all rows of narrowᵀ·panel
HWY_ATTR void multiply_rows(const RowChunk& latest, const Operand& wide, const Operand& narrow, float* panel,
                            float* sums) {
  const std::int64_t width = panel_width();
  std::fill_n(sums, (wide.count + width - 1) / width * width * narrow.count, 0.0F);
  for (Stretches stretches(latest, wide, width); !stretches.done();) {
    const Stretch now = stretches.now();
    stretches.step();
    fill_panel(wide, now, panel);
    FetchAhead ahead(wide, stretches.now(), (narrow.count + kTile - 1) / kTile);
    float* const sums_of_panel = sums + now.first_column * narrow.count;
    for (std::int64_t i = 0; i < narrow.count; i += kTile) {
      ahead.some();
      const std::int64_t columns = std::min(kTile, narrow.count - i);
      kTiles[static_cast<std::size_t>(columns - 1)](narrow.at(*now.chunk, now.first_row, i), narrow.row_size, panel,
                                                    now.rows(), sums_of_panel + i * width);
    }
  }
}

/// to [outs,ins] += the transpose of sums [ins, panel], with `in` numbers from row to row.
HWY_ATTR void add_transposed(const float* sums, std::int64_t ins, std::int64_t outs, float* to, std::int64_t in) {
  const std::int64_t width = panel_width();
  std::int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR
  const D d;
  const hn::RepartitionToWide<D> pairs;
  const hn::FixedTag<float, 4> four;
  const std::int64_t lanes = width / 2;
  const std::int64_t whole = outs / lanes * lanes;
  for (; i + 4 <= ins; i += 4) {
    const float* const from = sums + i * width;
    for (std::int64_t o = 0; o < whole; o += lanes) {
      // Within each block of four lanes, from one input's sums for four outputs to one output's for four inputs.
      const V row0 = hn::Load(d, from + o);
      const V row1 = hn::Load(d, from + o + width);
      const V row2 = hn::Load(d, from + o + 2 * width);
      const V row3 = hn::Load(d, from + o + 3 * width);
      const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, row0, row1));
      const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, row2, row3));
      const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, row0, row1));
      const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, row2, row3));
      HWY_ALIGN float outputs[4][HWY_MAX_BYTES / sizeof(float)];
      hn::Store(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, outputs[0]);
      hn::Store(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, outputs[1]);
      hn::Store(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, outputs[2]);
      hn::Store(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, outputs[3]);
      for (std::int64_t j = 0; j < lanes; ++j) {
        float* const row = to + (o + j) * in + i;
        hn::StoreU(hn::Add(hn::LoadU(four, row), hn::Load(four, outputs[j % 4] + j / 4 * 4)), four, row);
      }
    }
    for (std::int64_t o = whole; o < outs; ++o) {
      for (std::int64_t k = 0; k < 4; ++k) to[o * in + i + k] += from[k * width + o];
    }
  }
#endif
  for (; i < ins; ++i) {
    for (std::int64_t o = 0; o < outs; ++o) to[o * in + i] += sums[i * width + o];
  }
}

/// Numbers of a panel that hold no column, for each that does.
double waste(std::int64_t columns, std::int64_t width) {
  return static_cast<double>((width - columns % width) % width) / static_cast<double>(columns);
}

HWY_ATTR void WeightGradient(const RowChunk& latest, const WeightBlock& block, const WeightSize& size, float* room,
                             float* d_weight) {
  const auto [out, in] = size;
  const std::int64_t width = panel_width();
  const Operand d_y{&RowChunk::d_y, out, block.first_out, block.outs};
  const Operand x{&RowChunk::x, in, block.first_in, block.ins};
  float* const panel = room;
  float* const sums = room + kRowsAtOnce * width;
  float* const to = d_weight + block.first_out * in + block.first_in;
  // Panels of d_y, whose rows would share few lines of the cache where they lie; but of x where that wastes less.
  if (waste(x.count, width) >= waste(d_y.count, width)) {
    multiply_rows(latest, d_y, x, panel, sums);
    for (std::int64_t o = 0; o < d_y.count; o += width) {
      add_transposed(sums + o * x.count, x.count, std::min(width, d_y.count - o), to + o * in, in);
    }
  } else {
    multiply_rows(latest, x, d_y, panel, sums);
    for (std::int64_t i = 0; i < x.count; i += width) {
      const std::int64_t columns = std::min(width, x.count - i);
      for (std::int64_t o = 0; o < d_y.count; ++o) {
        const float* const from = sums + i * d_y.count + o * width;
        for (std::int64_t j = 0; j < columns; ++j) to[o * in + i + j] += from[j];
      }
    }
  }
}

HWY_ATTR std::int64_t WeightGradientRoom(const WeightBlock& block) {
  const std::int64_t width = panel_width();
  const auto whole = [width](std::int64_t columns) { return (columns + width - 1) / width * width; };
  return kRowsAtOnce * width + std::max(whole(block.outs) * block.ins, whole(block.ins) * block.outs);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace drawlab::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace drawlab::kernels {

HWY_EXPORT(WeightGradient);
void weight_gradient(const RowChunk& latest, const WeightBlock& block, const WeightSize& size, float* room,
                     float* d_weight) {
  HWY_DYNAMIC_DISPATCH(WeightGradient)(latest, block, size, room, d_weight);
}

HWY_EXPORT(WeightGradientRoom);
std::int64_t weight_gradient_room(const WeightBlock& block) { return HWY_DYNAMIC_DISPATCH(WeightGradientRoom)(block); }

namespace {

constexpr std::int64_t kOutUnit = 32;  // a panel of the widest vectors
constexpr std::int64_t kInUnit = 42;   // tiles of 14 and of 6

std::int64_t parts(std::int64_t n, std::int64_t size) { return (n + size - 1) / size; }

}  // namespace

WeightBlocks::Axis::Axis(std::int64_t n, std::int64_t most, std::int64_t unit)
    : size(n), width(parts(parts(n, parts(n, most)), unit) * unit) {}

WeightBlocks::WeightBlocks(const WeightSize& size, std::int64_t most_outs, std::int64_t most_ins)
    : out_(size.out, most_outs, kOutUnit), in_(size.in, most_ins, kInUnit) {}

WeightBlock WeightBlocks::operator[](std::int64_t index) const {
  const std::int64_t first_out = index / in_.count() * out_.width;
  const std::int64_t first_in = index % in_.count() * in_.width;
  return {first_out, std::min(out_.width, out_.size - first_out), first_in, std::min(in_.width, in_.size - first_in)};
}

}  // namespace drawlab::kernels
#endif
