#include "runner/commands/command_description.hpp"

#include "drawlab/version.hpp"

#include "results/canned_query.hpp"
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

/// Run ids and experiments of the database that the command line names.
constexpr const char* kRunIds = "_drawlab_lines _drawlab_ask 'SELECT id FROM run ORDER BY id DESC LIMIT 500'";
constexpr const char* kExperiments = "_drawlab_lines _drawlab_ask 'SELECT name FROM experiment'";

/// What an option takes, where that is a word out of a few, a run or a file.
std::string option_words(const CommandDescription::Option& option) {
  if (option.long_name == "format") return "_drawlab_words " + joined(results::format_names());
  if (option.long_name == "split") return "_drawlab_words train validation test";
  if (option.long_name == "progress") return "_drawlab_words auto bar plain json none";
  if (option.long_name == "run") return kRunIds;
  const bool is_folder = option.value.starts_with("DIR");
  const bool is_file = option.value.starts_with("PATH") || option.value.starts_with("FILE");
  return is_folder ? "_drawlab_files -d" : is_file ? "_drawlab_files -f" : "";
}

/// The actions of a usage such as `data list|fetch [NAME]…` or `plugins list | describe NAME`; none where it has none.
std::vector<std::string> actions_of(const std::string& usage) {
  const std::string words_alone = usage.substr(0, usage.find(" ["));
  std::istringstream alternatives(words_alone.substr(std::min(words_alone.find(' '), words_alone.size())));
  std::vector<std::string> actions;
  for (std::string alternative; std::getline(alternatives, alternative, '|');) {
    std::istringstream words(alternative);
    std::string& action = actions.emplace_back();
    words >> action;
    if (action.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") != std::string::npos) return {};
  }
  return actions.size() > 1 ? actions : std::vector<std::string>();
}

/// What a command's own words are, by the first of them in its usage.
std::string argument_words(const CommandDescription& command) {
  const auto takes = [&](const std::string& word) { return command.usage.find(word) != std::string::npos; };
  if (command.name == "query") {
    std::vector<std::string> names;
    for (const results::CannedQuery& query : results::canned_queries()) names.push_back(query.name);
    return "_drawlab_words " + joined(names);
  }
  if (const auto actions = actions_of(command.usage); !actions.empty()) {
    const bool names_plugins = command.name == "data" || command.name == "plugins";
    return fmt::format("_drawlab_actions '{}' {}", joined(actions), names_plugins ? "_drawlab_plugins" : ":");
  }
  if (takes(" RUN")) return kRunIds;
  if (takes("EXPERIMENT")) return kExperiments;
  if (takes("FILE")) return "_drawlab_files -f";
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
        values += fmt::format("    {}:--{}{}) {} ;;\n", command.name, option.long_name, dash, found);
      } else if (!option.value.empty()) {
        values += fmt::format("    {}:--{}) ;;\n", command.name, option.long_name);
      }
    }
    options += fmt::format("    {}) _drawlab_words {} ;;\n", command.name, joined(words));
    if (const std::string found = argument_words(command); !found.empty()) {
      arguments += fmt::format("    {}) {} ;;\n", command.name, found);
    }
  }
  return fmt::format(R"bash(# Completion of drawlab for bash; made by `drawlab completion`.

# What a word means: its quotes and backslashes taken away. Nothing in it is run.
_drawlab_plain() {{ plain=${{1//[\'\"\\]/}} plain=${{plain/#\~\//$HOME/}}; }}

# Offers those of the given words that begin as the word under the cursor does.
_drawlab_words() {{
  local each
  for each; do if [[ $each == "$plain"* ]]; then COMPREPLY+=("$each"); fi; done
}}

# The same of the lines that a command prints. They come from outside: each is only compared, and inserted quoted; into
# a quote that is open already where nothing in it would end or escape that.
_drawlab_lines() {{
  local line
  while IFS= read -r line; do
    if [[ $line != "$plain"* ]]; then continue; fi
    case $word in
      \'*) if [[ $line != *\'* ]]; then COMPREPLY+=("$line"); fi ;;
      \"*) if [[ $line != *[\"\$\`\\!]* ]]; then COMPREPLY+=("$line"); fi ;;
      *) printf -v line %q "$line"; COMPREPLY+=("$line") ;;
    esac
  done < <("$@")
}}

# The same of files (-f) or folders (-d).
_drawlab_files() {{
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen "$1" -- "$plain")
}}

# The first word of a command's own is an action; further ones are libraries to check, or what the second command lists.
_drawlab_actions() {{
  if ((COMP_CWORD == 2)); then
    _drawlab_words $1
  elif [[ ${{COMP_WORDS[2]}} == check ]]; then
    _drawlab_files -f
  else
    _drawlab_lines "$2"
  fi
}}

# One column of a query on the database that the command line names; --db=PATH comes as three words.
_drawlab_ask() {{
  local database=() plain i
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${{COMP_WORDS[i]}} != --db ]]; then continue; fi
    if [[ ${{COMP_WORDS[i + 1]}} == = ]]; then _drawlab_plain "${{COMP_WORDS[i + 2]}}"; else _drawlab_plain "${{COMP_WORDS[i + 1]}}"; fi
    database=(--db "$plain")
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
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} command=${{COMP_WORDS[1]}} plain
  COMPREPLY=()
  if [[ $word == = ]]; then
    word=''
  elif [[ $before == = ]]; then
    before=${{COMP_WORDS[COMP_CWORD - 2]}}
  fi
  _drawlab_plain "$word"
  if ((COMP_CWORD == 1)); then
    _drawlab_words {0} --help --version
  elif ! _drawlab_values "$command:$before"; then
    if [[ $word == -* ]]; then _drawlab_options "$command"; else _drawlab_arguments "$command"; fi
  fi
}}
complete -F _drawlab drawlab
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
