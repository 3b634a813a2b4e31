#include "runner/commands/command_line.hpp"

#include "drawlab/config.hpp"
#include "drawlab/error.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

namespace drawlab::runner {
namespace po = boost::program_options;
namespace {

/// `a, b or c`.
std::string alternatives(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  }
  return text;
}

std::string quoted_for_shell(const std::string& word) {
  const auto plain = [](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
           std::string_view("_-+=./,:@%").find(letter) != std::string_view::npos;
  };
  if (!word.empty() && std::ranges::all_of(word, plain)) return word;
  std::string quoted = "'";
  for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + '\'';
}

/// The words sorted into options and arguments by Boost; the mistakes that it finds are told in our words.
std::vector<po::option> split_words(const std::string& path, const std::vector<std::string>& words,
                                    const CommandLine& line) {
  po::options_description known;
  std::vector<std::string> names;
  for (const DeclaredOption& option : line.declared_options()) {
    const std::string name = option.name + (option.letter.empty() ? "" : "," + option.letter);
    names.push_back(option.label());
    if (option.taken.kind == Taken::Kind::nothing) {
      known.add_options()(name.c_str(), "");
    } else {
      known.add_options()(name.c_str(), po::value<std::string>());
    }
  }
  const int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  try {
    return po::command_line_parser(words).options(known).style(style).run().options;
  } catch (const po::unknown_option& error) {
    std::string name = error.get_option_name();
    if (!name.starts_with("-")) name = "--" + name;
    throw ConfigError(fmt::format("{}: unknown option '{}'{}", path, name, suggestion(name, names)));
  } catch (const po::error& error) {
    throw ConfigError(fmt::format("{}: {}; usage: {} {}", path, error.what(), path, line.usage()));
  }
}

}  // namespace

std::string DeclaredOption::explanation() const {
  std::string explained = text;
  if (!taken.words.empty() && taken.words.size() < 8) explained += ": " + alternatives(taken.words);
  std::string remark = taken.range;
  if (!standard.empty()) remark += (remark.empty() ? "default " : ", default ") + standard;
  if (many) remark += (remark.empty() ? "may be repeated" : ", may be repeated");
  return remark.empty() ? explained : explained + " (" + remark + ")";
}

void CommandLine::add(DeclaredOption declared) {
  if (declared.name.empty()) {
    DRAWLAB_ASSERT(arguments_.empty() || !arguments_.back().many);
    arguments_.push_back(std::move(declared));
    return;
  }
  const std::size_t comma = std::min(declared.name.find(','), declared.name.size());
  if (comma < declared.name.size()) declared.letter = declared.name.substr(comma + 1);
  declared.name.resize(comma);
  options_.push_back(std::move(declared));
}

bool CommandLine::parse(const std::string& path, const std::vector<std::string>& words) {
  const std::vector<po::option> found = split_words(path, words, *this);
  if (std::ranges::find(found, "help", &po::option::string_key) != found.end()) return false;
  std::set<const DeclaredOption*> given;
  auto argument = arguments_.begin();
  for (const po::option& each : found) {
    const DeclaredOption* option = nullptr;
    if (!each.string_key.empty()) {
      option = &*std::ranges::find(options_, each.string_key, &DeclaredOption::name);
    } else if (argument == arguments_.end()) {
      throw ConfigError(
          fmt::format("{}: '{}' is one word too many; usage: {} {}", path, each.value.front(), path, usage()));
    } else {
      option = &*argument;
      if (!argument->many) ++argument;
    }
    if (!given.insert(option).second && !option->many) throw ConfigError(option->label() + ": given twice");
    try {
      option->set(each.value.empty() ? "" : each.value.front());
    } catch (const ConfigError& error) {
      throw ConfigError(option->label() + ": " + error.what());
    }
  }
  for (const auto* declared : {&arguments_, &options_}) {
    for (const DeclaredOption& option : *declared) {
      if (option.required && !given.contains(&option)) {
        throw ConfigError(fmt::format("{}: {} is missing: {}", path, option.label(), option.text));
      }
    }
  }
  typed_command_ = path;
  for (const std::string& word : words) typed_command_ += ' ' + quoted_for_shell(word);
  return true;
}

std::string CommandLine::usage() const {
  std::string usage;
  for (const DeclaredOption& argument : arguments_) {
    const std::string word = argument.taken.name + (argument.many ? "…" : "");
    usage += argument.required ? word + ' ' : '[' + word + "] ";
  }
  for (const DeclaredOption& option : options_) {
    if (!option.required) continue;
    usage += (option.letter.empty() ? option.label() : "-" + option.letter) + ' ' + option.taken.name + ' ';
  }
  return usage + "[options]";
}

}  // namespace drawlab::runner
