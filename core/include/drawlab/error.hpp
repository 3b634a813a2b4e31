#pragma once

#include <compare>
#include <stdexcept>
#include <string>
#include <vector>

namespace drawlab {

/// Where a value was written: a file (or `--set key`) with line and column, both from 1. Line 0: the file as a whole.
struct SourceLocation {
  std::string file;
  int line = 0;
  int column = 0;

  bool is_known() const { return !file.empty(); }
  /// `draw.yaml:7:12`; without a line, the file alone.
  std::string text() const;
  auto operator<=>(const SourceLocation&) const = default;
};

/// Who has to mend a mistake; it decides which exception is thrown, and so the program's exit code.
enum class Cause { configuration, plugin, data };

/// One mistake. It stays a value until it is printed.
struct Diagnostic {
  SourceLocation location;
  std::string message;
  Cause cause = Cause::configuration;

  /// `draw.yaml:7:12: message`, or the message alone if the location is unknown.
  std::string text() const;
  bool operator==(const Diagnostic&) const = default;
};

/// The root of every error that drawlab throws on purpose; what() is one sentence for the user.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A mistake, or several, in an experiment file or on the command line.
class ConfigError : public Error {
 public:
  explicit ConfigError(const std::string& message) : ConfigError({}, message) {}
  ConfigError(const SourceLocation& location, const std::string& message);
  /// what() has one line per mistake.
  explicit ConfigError(std::vector<Diagnostic> diagnostics);

  const std::vector<Diagnostic>& diagnostics() const { return diagnostics_; }

 private:
  std::vector<Diagnostic> diagnostics_;
};

/// A plugin that cannot be loaded or breaks its contract; the sentence names the library's path.
class PluginError : public Error {
 public:
  using Error::Error;
};

/// Data that is missing, cut or damaged; the sentence names the file and, if it helps, the byte offset.
class DataError : public Error {
 public:
  using Error::Error;
};

/// An operation called with shapes that do not fit; the sentence names the operation and the shapes.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// The machine failed: a file that cannot be written, a full disk.
class SystemError : public Error {
 public:
  using Error::Error;
};

/// Ends the program with a message that names the broken assertion.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line) noexcept;

}  // namespace drawlab

/// For conditions that only a bug of drawlab can break; never for mistakes of a user or a plugin's author.
#define DRAWLAB_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::drawlab::assertion_failed(#condition, __FILE__, __LINE__))
