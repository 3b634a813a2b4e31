#pragma once

#include "drawlab/ops.hpp"
#include "drawlab/shape.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace drawlab {

/// Equations 21 to 26 for one batch: the grid's position, and its filters.
struct GaussianFilters {
  Value center_x;  // [B,1], g_X in pixels, 1…A
  Value center_y;  // [B,1], g_Y
  Value delta;     // [B,1], pixels between two filters
  Value sigma;     // [B,1], standard deviation of each filter, pixels
  Value gamma;     // [B,1], intensity
  Value f_x;       // [B,N,A], rows sum to 1
  Value f_y;       // [B,N,B]
};

/// Turns the five outputs of a linear layer, [B,5] = (g~_X, g~_Y, log sigma², log delta~, log gamma), into filters.
///
/// A row's normaliser is taken with its largest exponent factored out (a softmax), which is the same number wherever
/// that can be represented: no row's sum underflows, and a filter far off the image is the limit of equations 25 and
/// 26, all its weight on the nearest edge pixel. N = 1 has no stride: its only filter stands on the centre.
GaussianFilters gaussian_filters(Value parameters, std::int64_t size, std::int64_t height, std::int64_t width);

/// F_Y·image·F_Xᵀ for every channel (equation 27 without gamma); [B,C,H,W] -> [B,C,N,N].
Value look(const GaussianFilters& filters, Value image);

/// F_Yᵀ·patch·F_X for every channel (equation 29 without 1/gamma); [B,C,N,N] -> [B,C,H,W].
Value paint(const GaussianFilters& filters, Value patch);

/// The composed forms of read and write (equations 27 and 29). In: parameters [B,5], then the images, or the patch
/// [B,C·N·N]. Out: the patch or the update, then the window's centre [B,2], delta and sigma.
std::array<Value, 4> composed_read(std::span<const Value> in, std::int64_t size);
std::array<Value, 4> composed_write(std::span<const Value> in, const ImageShape& image, std::int64_t size);

}  // namespace drawlab
