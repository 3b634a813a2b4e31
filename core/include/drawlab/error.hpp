#pragma once

#include <stdexcept>
#include <string>

namespace drawlab {

/// The root of every error that drawlab throws on purpose; what() is one sentence for the user.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A mistake in an experiment file or on the command line; the sentence starts with `file:line:column`.
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A plugin that cannot be loaded or breaks its contract; the sentence names the library's path.
class PluginError : public Error {
 public:
  using Error::Error;
};

/// Data that is missing, cut or damaged; the sentence names the file and, where it helps, the byte offset.
class DataError : public Error {
 public:
  using Error::Error;
};

/// An operation called with shapes that do not fit; the sentence names the operation and the shapes.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// Something of this machine failed: a file that cannot be written, a full disk.
class SystemError : public Error {
 public:
  using Error::Error;
};

/// Ends the program with a message that says which of our own promises was broken.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace drawlab

/// For promises that only a bug of ours can break; never for a user's or a plugin author's mistakes.
#define DRAWLAB_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::drawlab::assertion_failed(#condition, __FILE__, __LINE__))
