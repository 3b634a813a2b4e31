#include "runner/command_description.hpp"

#include "drawlab/version.hpp"

#include "results/format.hpp"
#include "results/query.hpp"
#include "runner/commands/arguments.hpp"
#include "runner/commands/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <sstream>

namespace drawlab::runner {
namespace {

/// Catches what is written to std::cout for as long as it lives.
class CaughtOutput {
 public:
  CaughtOutput() : before_(std::cout.rdbuf(text_.rdbuf())) {}
  ~CaughtOutput() { std::cout.rdbuf(before_); }
  CaughtOutput(const CaughtOutput&) = delete;
  CaughtOutput& operator=(const CaughtOutput&) = delete;
  std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
  std::streambuf* before_;
};

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream stream(line);
  for (std::string field; std::getline(stream, field, '\t');) fields.push_back(field);
  fields.resize(5);
  return fields;
}

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

/// What an option takes, where that is a word out of a few or a file.
std::string option_words(const CommandDescription::Option& option) {
  if (option.long_name == "format") return "compgen -W '" + joined(results::format_names()) + "'";
  if (option.long_name == "split") return "compgen -W 'train validation test'";
  if (option.long_name == "progress") return "compgen -W 'auto bar plain json none'";
  const bool is_folder = option.value.starts_with("DIR");
  const bool is_file = option.value.starts_with("PATH") || option.value.starts_with("FILE");
  return is_folder ? "compgen -d" : is_file ? "compgen -f" : "";
}

/// What a command's own words are, by the first of them in its usage.
std::string argument_words(const CommandDescription& command) {
  const auto takes = [&](const std::string& word) { return command.usage.find(word) != std::string::npos; };
  if (command.name == "query") {
    std::vector<std::string> names;
    for (const results::CannedQuery& query : results::canned_queries()) names.push_back(query.name);
    return "compgen -W '" + joined(names) + "'";
  }
  if (command.name == "plugins") return "compgen -W \"list describe check $(_drawlab_plugins)\"";
  if (command.name == "new") return "compgen -W 'read_write dataset'";
  if (command.name == "data") return "compgen -W \"list fetch verify $(_drawlab_plugins)\"";
  if (takes(" RUN")) return "compgen -W \"$(_drawlab_ask 'SELECT id FROM run ORDER BY id DESC LIMIT 500')\"";
  if (takes("EXPERIMENT")) return "compgen -W \"$(_drawlab_ask 'SELECT name FROM experiment')\"";
  if (takes("FILE")) return "compgen -f";
  return "";
}

/// Text for a manual page: a backslash, a leading dot or quote, and minus signs mean something there.
std::string manual_text(const std::string& text) {
  std::string escaped;
  bool line_start = true;
  for (const char letter : text) {
    if (line_start && (letter == '.' || letter == '\'')) escaped += "\\&";
    if (letter == '\\') {
      escaped += "\\e";
    } else if (letter == '-') {
      escaped += "\\-";
    } else {
      escaped += letter;
    }
    line_start = letter == '\n';
  }
  return escaped;
}

}  // namespace

std::vector<CommandDescription> describe_commands(std::span<const Command> commands) {
  std::vector<CommandDescription> descriptions;
  for (const Command& command : commands) {
    const CaughtOutput caught;
    command.run({kDescribeOption});
    CommandDescription& description = descriptions.emplace_back();
    description.name = command.name;
    std::istringstream lines(caught.text());
    for (std::string line; std::getline(lines, line);) {
      const auto fields = fields_of(line);
      if (fields[0] == "usage") description.usage = fields[1];
      if (fields[0] == "summary") description.summary = fields[1];
      if (fields[0] == "option") description.options.push_back({fields[1], fields[2], fields[3], fields[4]});
    }
  }
  return descriptions;
}

std::string bash_completion(const std::vector<CommandDescription>& commands) {
  std::vector<std::string> names;
  std::string options;
  std::string values;
  std::string arguments;
  for (const CommandDescription& command : commands) {
    names.push_back(command.name);
    std::vector<std::string> words;
    for (const auto& option : command.options) {
      words.push_back("--" + option.long_name);
      if (const std::string found = option_words(option); !found.empty()) {
        const std::string dash =
            option.short_name.empty() ? "" : fmt::format("|{}:-{}", command.name, option.short_name);
        values += fmt::format("    {}:--{}{}) _drawlab_offer {} ;;\n", command.name, option.long_name, dash, found);
      } else if (!option.value.empty()) {
        values += fmt::format("    {}:--{}) ;;\n", command.name, option.long_name);
      }
    }
    options += fmt::format("    {}) _drawlab_offer compgen -W '{}' ;;\n", command.name, joined(words));
    if (const std::string found = argument_words(command); !found.empty()) {
      arguments += fmt::format("    {}) _drawlab_offer {} ;;\n", command.name, found);
    }
  }
  return fmt::format(R"bash(# Completion of drawlab for bash; made by `drawlab completion`.

# Offers what a command lists that begins as the word under the cursor does.
_drawlab_offer() {{ mapfile -t COMPREPLY < <("$@" -- "$word"); }}

# One column of a query on the database that the command line names.
_drawlab_ask() {{
  local database=() i
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${{COMP_WORDS[i]}} == --db ]]; then database=(--db "${{COMP_WORDS[i + 1]}}"); fi
  done
  "${{COMP_WORDS[0]}}" query "$1" --format tsv "${{database[@]}}" 2>/dev/null | tail -n +2
}}

_drawlab_plugins() {{ "${{COMP_WORDS[0]}}" plugins list --format tsv 2>/dev/null | tail -n +2 | cut -f 1; }}

# False where the option takes no value.
_drawlab_values() {{
  case $1 in
{2}    *) return 1 ;;
  esac
}}

_drawlab_options() {{
  case $1 in
{1}  esac
}}

_drawlab_arguments() {{
  case $1 in
{3}  esac
}}

_drawlab() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} command=${{COMP_WORDS[1]}}
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    _drawlab_offer compgen -W '{0} --help --version'
  elif ! _drawlab_values "$command:${{COMP_WORDS[COMP_CWORD - 1]}}"; then
    if [[ $word == -* ]]; then _drawlab_options "$command"; else _drawlab_arguments "$command"; fi
  fi
}}
complete -o filenames -F _drawlab drawlab
)bash",
                     joined(names), options, values, arguments);
}

std::string manual_page(const std::vector<CommandDescription>& commands) {
  std::string page = fmt::format(
      ".TH DRAWLAB 1 \"\" \"drawlab {}\" \"User commands\"\n.SH NAME\ndrawlab \\- experiments with DRAW models on a "
      "CPU\n"
      ".SH SYNOPSIS\n.B drawlab\n.I COMMAND\n[options]\n.SH COMMANDS\n",
      kVersion);
  for (const CommandDescription& command : commands) {
    page += fmt::format(".SS drawlab {}\n{}\n", manual_text(command.usage), manual_text(command.summary));
    for (const auto& option : command.options) {
      const std::string dash = option.short_name.empty() ? "" : fmt::format("\\fB\\-{}\\fR, ", option.short_name);
      const std::string value = option.value.empty() ? "" : " \\fI" + manual_text(option.value) + "\\fR";
      page += fmt::format(".TP\n{}\\fB\\-\\-{}\\fR{}\n{}\n", dash, manual_text(option.long_name), value,
                          manual_text(option.text));
    }
  }
  page +=
      ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nsome cells failed\n.TP\n2\na mistake on the command line or in an "
      "experiment "
      "file\n.TP\n3\nnothing matched\n.TP\n4\nthe database\n.TP\n5\na dataset\n.TP\n6\na plugin\n.TP\n130, "
      "143\nstopped by a "
      "signal, after a checkpoint\n";
  return page;
}

}  // namespace drawlab::runner
