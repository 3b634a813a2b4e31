#pragma once

namespace drawlab {

inline constexpr int kMaxFilters = 64;  // along each side

/// How far the five outputs of a window's linear layer may go; beyond, they count as at the limit, with gradient 0.
/// The limits lie far outside what a model uses (a grid thousands of pixels away or wide, a filter of 1/20,000 pixel)
/// and keep every number in between finite in f32.
inline constexpr double kMaxCenter = 1000;      // |g~_X|, |g~_Y|
inline constexpr double kMaxLogVariance = 20;   // |log sigma²|
inline constexpr double kMaxLogStride = 10;     // |log delta~|
inline constexpr double kMaxLogIntensity = 20;  // |log gamma|

}  // namespace drawlab
