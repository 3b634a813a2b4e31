#pragma once

#include <dnnl.hpp>

#include <cstdint>

/// What differs between oneDNN 2.x and 3.x, in one place.
namespace drawlab::kernels {

using Type = dnnl::memory::data_type;
using Format = dnnl::memory::format_tag;

inline dnnl::memory::desc matrix(Type type, std::int64_t rows, std::int64_t columns, Format format = Format::ab) {
  return {{rows, columns}, type, format};
}

/// Rows and columns of a matrix.
inline dnnl::memory::dims plain_dims(const dnnl::memory::desc& matrix) {
#if DNNL_VERSION_MAJOR >= 3
  return matrix.get_dims();
#else
  return matrix.dims();
#endif
}

/// A product with the caller's own scratchpad; `bias` may be empty.
inline dnnl::matmul::primitive_desc product_description(const dnnl::engine& engine, const dnnl::memory::desc& a,
                                                        const dnnl::memory::desc& b, const dnnl::memory::desc& bias,
                                                        const dnnl::memory::desc& y, bool accumulate) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (accumulate) {
    dnnl::post_ops sum;
    sum.append_sum(1.0F);
    attributes.set_post_ops(sum);
  }
#if DNNL_VERSION_MAJOR >= 3
  if (bias.get_size() == 0) return {engine, a, b, y, attributes};
  return {engine, a, b, bias, y, attributes};
#else
  if (bias.get_size() == 0) return {dnnl::matmul::desc(a, b, y), attributes, engine};
  return {dnnl::matmul::desc(a, b, bias, y), attributes, engine};
#endif
}

}  // namespace drawlab::kernels
