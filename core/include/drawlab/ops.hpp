#pragma once

#include "drawlab/parameters.hpp"
#include "drawlab/tape.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

/// The differentiable operations. Each throws ShapeError, with its name and the shapes, if shapes do not fit.
/// B is the batch, the first size of most arrays; a "row" is all numbers of one sample.
namespace drawlab {

// ---- element by element; shapes are equal ----

/// a + b; any shape.
Value add(Value a, Value b);
Value operator+(Value a, Value b);
/// a − b; any shape.
Value sub(Value a, Value b);
Value operator-(Value a, Value b);
/// a·b, element by element; any shape.
Value mul(Value a, Value b);
Value operator*(Value a, Value b);
/// a / b; any shape.
Value div(Value a, Value b);
/// scale·x + shift with constant numbers; any shape.
Value affine(Value x, double scale, double shift);
/// exp(x); any shape.
Value exp(Value x);
/// log(x), x > 0; any shape.
Value log(Value x);
/// √x, x > 0; any shape.
Value sqrt(Value x);
/// sin(x), x in radians; any shape.
Value sin(Value x);
/// cos(x), x in radians; any shape.
Value cos(Value x);
/// tanh(x); any shape.
Value tanh(Value x);
/// σ(x) = 1/(1 + exp(−x)), finite for every x; any shape.
Value sigmoid(Value x);
/// max(x, 0); any shape.
Value relu(Value x);
/// x limited to [low, high], with gradient 0 outside; any shape.
Value clamp(Value x, double low, double high);

// ---- a column [B,1] against an array [B,…] ----

/// x[b,…] + column[b]; [B,…], [B,1] -> [B,…].
Value add_column(Value x, Value column);
/// x[b,…]·column[b]; [B,…], [B,1] -> [B,…].
Value mul_column(Value x, Value column);
/// column[b]·row[i] with constant numbers; [B,1], n numbers -> [B,n].
Value outer(Value column, std::span<const double> row);

// ---- form ----

/// Rows side by side; [B,n1], [B,n2], … (any rank, rows flattened) -> [B, n1 + n2 + …].
Value concat(std::span<const Value> parts);
/// Columns first … first + count − 1 of the flattened rows; [B,n] -> [B,count].
Value slice(Value x, std::int64_t first, std::int64_t count);
/// The same numbers in another shape of equal count, without a copy.
Value reshape(Value x, const Shape& shape);
/// Repeats x for every sample; [n] or any shape of rank below 4 -> [rows, …].
Value repeat_rows(Value x, std::int64_t rows);

// ---- sums ----

/// Sum of each row; [B,…] -> [B,1].
Value sum_rows(Value x);
/// Σ_b weights[b]·x[b] with constant weights; [B,1], B numbers -> [].
Value weighted_sum(Value x, std::span<const float> weights);

// ---- along the last axis ----

/// exp(x)/Σ exp(x) without overflow or underflow of the sum; any shape.
Value softmax(Value x);
/// x/Σx; a row whose sum is 0 stays 0, with gradient 0; any shape.
Value normalize(Value x);
/// Distance of each pixel from each centre, (a − centers[b,i]) for pixels a = 1…size; [B,N] -> [B,N,size].
Value pixel_distances(Value centers, std::int64_t size);

// ---- products ----

enum class Transpose { no, yes };
/// a·b for every sample (and channel), after the transpositions asked for. [B,n,k], [B,k,m] -> [B,n,m]. If one of the
/// two is [B,C,·,·], the other is used for every channel -> [B,C,n,m].
Value matmul(Value a, Value b, Transpose transpose_a = Transpose::no, Transpose transpose_b = Transpose::no);
/// W(x) of the paper: x·weightᵀ + bias for the inputs side by side; [B,n1], [B,n2], …, weight [out,in], bias [out]
/// -> [B,out]. At most 6 inputs. The weight must have been added as one (ParameterStore::add). Its gradient is computed
/// in one product over all calls of a pass.
Value linear(std::span<const Value> inputs, const Parameter& weight, const Parameter& bias);
Value linear(Value x, const Parameter& weight, const Parameter& bias);

// ---- parts of DRAW ----

/// The LSTM cell behind its linear layer (equations 5 and 7), gates in the order input i, forget f, candidate g,
/// output o: c = σ(f)·c_previous + σ(i)·tanh(g), h = σ(o)·tanh(c); [B,4h], [B,h] -> h [B,h], c [B,h].
std::pair<Value, Value> lstm(Value gates, Value c_previous);
/// lstm(linear(inputs, weight, bias), c_previous) in less memory and time; weight [4h,in], bias [4h].
std::pair<Value, Value> lstm(std::span<const Value> inputs, const Parameter& weight, const Parameter& bias,
                             Value c_previous);
/// Equations 1, 2, 6 and 11: mu and log_sigma are the halves of each row; z = mu + exp(log_sigma)·noise and
/// kl = Σ_j ½(mu_j² + sigma_j² − 2·log_sigma_j − 1) in nats; [B,2D], noise [B,D] -> z [B,D], kl [B,1].
std::pair<Value, Value> gaussian_latent(Value mu_log_sigma, Value noise);
/// Equation 3: x − σ(c), the error image; any shape.
Value error_image(Value x, Value c);
/// Equation 9: −log D(x given c) = Σ max(c,0) − c·x + log(1 + exp(−|c|)) over a row, in nats; x in [0,1] is not
/// differentiated; [B,…], [B,…] -> [B,1].
Value bernoulli_nll(Value x, Value logits);
/// −log softmax(logits)[label]; a label of −1 counts 0; [B,K], B labels -> [B,1].
Value softmax_nll(Value logits, std::span<const std::int32_t> labels);

}  // namespace drawlab
