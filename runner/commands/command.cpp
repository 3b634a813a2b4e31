#include "runner/commands/command.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include "results/display_width.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <sstream>
#include <string_view>

namespace drawlab::runner {
namespace {

constexpr std::size_t kWidth = 80;

/// The words in lines of at most kWidth columns. The first line begins after `head`; the others are indented.
std::string wrapped(std::string head, std::size_t indent, const std::string& text) {
  std::string lines;
  std::istringstream words(text);
  bool line_has_words = false;
  for (std::string word; words >> word;) {
    if (line_has_words && results::display_width(head) + 1 + results::display_width(word) > kWidth) {
      lines += head + '\n';
      head = std::string(indent, ' ');
      line_has_words = false;
    }
    head += (line_has_words ? " " : "") + word;
    line_has_words = true;
  }
  return lines + head + '\n';
}

/// A name, and in a column beside it what it is.
std::string entry(const std::string& name, const std::string& text, std::size_t column) {
  std::string head = "  " + name;
  const std::size_t width = results::display_width(head);
  if (width + 2 > column) return head + '\n' + wrapped(std::string(column, ' '), column, text);
  return wrapped(head + std::string(column - width, ' '), column, text);
}

std::string entries(const std::string& heading, const std::vector<DeclaredOption>& options) {
  constexpr std::size_t kColumn = 26;
  if (options.empty()) return "";
  std::string text = '\n' + heading + '\n';
  for (const DeclaredOption& option : options) {
    std::string name = option.letter.empty() ? option.label() : fmt::format("-{}, {}", option.letter, option.label());
    if (!option.name.empty() && !option.taken.name.empty()) name += ' ' + option.taken.name;
    if (option.name.empty() && option.many) name += "…";
    text += entry(name, option.explanation(), kColumn);
  }
  return text;
}

std::string paragraphs(std::string_view text) {
  std::string lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find("\n\n", start), text.size());
    lines += '\n' + wrapped("", 0, std::string(text.substr(start, end - start)));
    start = end + 2;
  }
  return lines;
}

int execute_group(const Command& group, std::vector<std::string> words, const std::string& path) {
  std::vector<std::string> names;
  for (const Command& each : group.commands) names.push_back(each.name);
  // An option may stand before the command's name.
  const auto named = [&](const std::string& word) { return std::ranges::find(names, word) != names.end(); };
  const auto at = std::ranges::find_if(words, named);
  const bool first_is_option = !words.empty() && words.front().starts_with('-');
  if (at != words.end() && (at == words.begin() || first_is_option)) {
    const Command& chosen = *std::ranges::find(group.commands, *at, &Command::name);
    words.erase(at);
    return execute(chosen, std::move(words), path + ' ' + chosen.name);
  }
  if (first_is_option) {
    CommandLine line;
    line.parse(path, words);
    std::cout << help_text(group, path);
    return 0;
  }
  const std::string wrong = words.empty() ? "a command is missing" : fmt::format("unknown command '{}'", words.front());
  throw ConfigError(fmt::format("{}: {}{}", path, wrong, suggestion(words.empty() ? "" : words.front(), names)));
}

}  // namespace

int execute(const Command& command, std::vector<std::string> words, const std::string& path) {
  if (!command.commands.empty()) return execute_group(command, std::move(words), path);
  const auto line = command.make();
  if (line->parse(path, words)) return line->run();
  std::cout << help_text(command, path);
  return 0;
}

std::string help_text(const Command& command, const std::string& path) {
  const auto line = command.make == nullptr ? std::make_unique<CommandLine>() : command.make();
  const std::string usage = command.commands.empty() ? line->usage() : "COMMAND [options]";
  std::string text = fmt::format("Usage: {} {}\n", path, usage) + paragraphs(command.description);
  if (!command.commands.empty()) {
    text += "\nCommands\n";
    for (const Command& each : command.commands) text += entry(each.name, each.summary, 14);
    return text + entries("Options", line->declared_options()) +
           fmt::format("\n`{} COMMAND --help` tells more.\n", path);
  }
  return text + entries("Arguments", line->declared_arguments()) + entries("Options", line->declared_options());
}

}  // namespace drawlab::runner
