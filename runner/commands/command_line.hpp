#pragma once

#include "runner/commands/takes.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace drawlab::runner {

/// An option (`--jobs N`), or an argument: a word that is known by its place (`FILE`).
struct DeclaredOption {
  std::string name;  // "jobs"; empty for an argument
  Taken taken;
  std::string text;           // what it is, without a full stop
  std::string standard = {};  // the default as a user would type it; empty: none
  bool required = false;
  bool many = false;        // may be given several times
  std::string letter = {};  // "o" for -o; empty: none
  std::function<void(const std::string&)> set = {};

  /// `--jobs`, or an argument's FILE.
  std::string label() const { return name.empty() ? taken.name : "--" + name; }
  /// The text with its words, range and default.
  std::string explanation() const;
};

enum class Need { optional, required };

/// The options and arguments of one command. A command derives from it and declares each by a member:
/// @code
///   struct Sample : CommandLine {
///     const int& count = option("count", integer<int>(1, 10'000), "number of pictures", "64");
///     int run() const override;
///   };
/// @endcode
/// Parsing, errors, help, completion and the manual page all come from that line.
class CommandLine {
 public:
  CommandLine() { flag("help,h", "print this help"); }
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  virtual ~CommandLine() = default;

  /// True if given. A name may end in a letter of its own: "output,o".
  const bool& flag(const std::string& name, const std::string& text) {
    return bound<bool>({name, {Taken::Kind::nothing, ""}, text}, [](bool& member, const auto&) { member = true; });
  }
  /// `standard` is the default as a user would type it; without one it is T{}.
  template <class T>
  const T& option(const std::string& name, const Takes<T>& takes, const std::string& text,
                  const std::string& standard = "", Need need = Need::optional) {
    return bound<T>({name, takes.taken, text, standard, need == Need::required}, assign(takes));
  }
  /// Nothing if not given.
  template <class T>
  const std::optional<T>& optional(const std::string& name, const Takes<T>& takes, const std::string& text) {
    return bound<std::optional<T>>({name, takes.taken, text}, assign(takes));
  }
  /// May be given several times.
  template <class T>
  const std::vector<T>& options(const std::string& name, const Takes<T>& takes, const std::string& text) {
    return bound<std::vector<T>>({name, takes.taken, text, "", false, true}, append(takes));
  }
  /// Arguments follow each other in the order of their declarations.
  template <class T>
  const T& argument(const Takes<T>& takes, const std::string& text, Need need = Need::required) {
    return bound<T>({"", takes.taken, text, "", need == Need::required}, assign(takes));
  }
  /// All arguments that remain.
  template <class T>
  const std::vector<T>& arguments(const Takes<T>& takes, const std::string& text, Need need = Need::required) {
    return bound<std::vector<T>>({"", takes.taken, text, "", need == Need::required, true}, append(takes));
  }

  /// Sets the members by the words that follow `path` ("drawlab run"). False if the words ask for help. Throws
  /// ConfigError: an unknown option (with the nearest known one), a bad value, a missing or superfluous word.
  bool parse(const std::string& path, const std::vector<std::string>& words);
  /// Does the command's work; returns the exit code.
  virtual int run() const { return 0; }

  /// `RUN -o FILE [options]`: what is required, in the order in which it is typed.
  std::string usage() const;
  /// The command that was parsed, quoted so that a shell takes it back.
  const std::string& typed_command() const { return typed_command_; }
  const std::vector<DeclaredOption>& declared_options() const { return options_; }
  const std::vector<DeclaredOption>& declared_arguments() const { return arguments_; }

 private:
  template <class T>
  static auto assign(const Takes<T>& takes) {
    return [read = takes.read](auto& member, const std::string& word) { member = read(word); };
  }
  template <class T>
  static auto append(const Takes<T>& takes) {
    return [read = takes.read](auto& members, const std::string& word) { members.push_back(read(word)); };
  }
  /// Makes a member's value, which lives as long as its declaration.
  template <class Member, class Set>
  const Member& bound(DeclaredOption declared, Set set) {
    const auto member = std::make_shared<Member>();
    declared.set = [member, set](const std::string& word) { set(*member, word); };
    if (!declared.standard.empty()) declared.set(declared.standard);
    add(std::move(declared));
    return *member;
  }
  void add(DeclaredOption declared);

  std::vector<DeclaredOption> options_;
  std::vector<DeclaredOption> arguments_;
  std::string typed_command_;
};

}  // namespace drawlab::runner
