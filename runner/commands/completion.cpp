#include "runner/commands/commands.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <iostream>
#include <map>

namespace drawlab::runner {
namespace {

/// The shell command that offers what an option or argument takes; empty if nothing is known about it.
std::string offer(const Taken& taken) {
  if (!taken.words.empty()) return fmt::format("_drawlab_words {}", fmt::join(taken.words, " "));
  static const std::map<Taken::Kind, const char*> kOffers = {
      {Taken::Kind::file, "_drawlab_files -f"},
      {Taken::Kind::folder, "_drawlab_files -d"},
      {Taken::Kind::run, "_drawlab_lines _drawlab_runs"},
      {Taken::Kind::experiment, "_drawlab_lines _drawlab_experiments"},
      {Taken::Kind::plugin, "_drawlab_lines _drawlab_plugins"}};
  const auto found = kOffers.find(taken.kind);
  return found == kOffers.end() ? "" : found->second;
}

/// The script's part that is the same for all commands.
constexpr const char* kScript = R"bash(# Completion of drawlab for bash, printed by `drawlab completion`.

# The meaning of a word: without its quotes and backslashes. Nothing in it is run.
_drawlab_plain() { plain=${1//[\'\"\\]/} plain=${plain/#\~\//$HOME/}; }

# Offers those of the given words that begin as the word under the cursor does.
_drawlab_words() {
  local each
  for each; do if [[ $each == "$plain"* ]]; then COMPREPLY+=("$each"); fi; done
}

# The same for the lines that a command prints. They come from outside, so each is only compared, and inserted quoted.
# Inside an open quote a line is offered only if nothing in it would end that quote or be expanded.
_drawlab_lines() {
  local line
  while IFS= read -r line; do
    if [[ $line != "$plain"* ]]; then continue; fi
    case $word in
      \'*) if [[ $line != *\'* ]]; then COMPREPLY+=("$line"); fi ;;
      \"*) if [[ $line != *[\"\$\`\\!]* ]]; then COMPREPLY+=("$line"); fi ;;
      *) printf -v line %q "$line"; COMPREPLY+=("$line") ;;
    esac
  done < <("$@")
}

# The same for files (-f) or folders (-d).
_drawlab_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen "$1" -- "$plain")
}

# One column of a query on the database that the command line names; --db=PATH comes as three words.
_drawlab_ask() {
  local database=() plain i
  for ((i = 2; i < COMP_CWORD; ++i)); do
    if [[ ${COMP_WORDS[i]} != --db ]]; then continue; fi
    if [[ ${COMP_WORDS[i + 1]} == = ]]; then _drawlab_plain "${COMP_WORDS[i + 2]}"; else _drawlab_plain "${COMP_WORDS[i + 1]}"; fi
    database=(--db "$plain")
  done
  "${COMP_WORDS[0]}" query "$1" --format tsv "${database[@]}" 2>/dev/null | tail -n +2
}
_drawlab_runs() { _drawlab_ask 'SELECT id FROM run ORDER BY id DESC LIMIT 500'; }
_drawlab_experiments() { _drawlab_ask 'SELECT name FROM experiment'; }
_drawlab_plugins() { "${COMP_WORDS[0]}" plugins list --format tsv 2>/dev/null | tail -n +2 | cut -f 1; }

_drawlab() {
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} plain
  COMPREPLY=()
  if [[ $word == = ]]; then
    word=''
  elif [[ $before == = ]]; then
    before=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  _drawlab_plain "$word"
  if ((COMP_CWORD == 1)); then
    _drawlab_commands drawlab
  elif ((COMP_CWORD == 2)) && [[ $word != -* ]] && _drawlab_commands "$command"; then
    return
  else
    if ((COMP_CWORD > 2)) && _drawlab_commands "$command"; then COMPREPLY=() command+=" ${COMP_WORDS[2]}"; fi
    if _drawlab_values "$command:$before"; then return; fi
    if [[ $word == -* ]]; then _drawlab_options "$command"; else _drawlab_arguments "$command"; fi
  fi
}
complete -F _drawlab drawlab
)bash";

/// What the script offers for each command, as lines of `case` statements.
struct Cases {
  std::string commands, options, values, arguments;

  /// `path` is "drawlab", "run" or "data list".
  void add(const Command& command, const std::string& path) {
    const std::string key = fmt::format("    '{}'", path);
    std::vector<std::string> words;
    for (const Command& each : command.commands) {
      words.push_back(each.name);
      add(each, path == "drawlab" ? each.name : path + ' ' + each.name);
    }
    if (path == "drawlab") words.insert(words.end(), {"--help", "--version"});
    if (!words.empty()) commands += fmt::format("{}) _drawlab_words {} ;;\n", key, fmt::join(words, " "));
    const auto line = command.make == nullptr ? std::make_unique<CommandLine>() : command.make();
    words.clear();
    for (const DeclaredOption& option : line->declared_options()) {
      words.push_back(option.label());
      if (option.taken.kind == Taken::Kind::nothing) continue;
      const std::string letter = option.letter.empty() ? "" : fmt::format(" | '{}:-{}'", path, option.letter);
      values += fmt::format("    '{}:{}'{}) {} ;;\n", path, option.label(), letter, offer(option.taken));
    }
    options += fmt::format("{}) _drawlab_words {} ;;\n", key, fmt::join(words, " "));
    std::string offers;
    for (const DeclaredOption& argument : line->declared_arguments()) {
      if (const std::string found = offer(argument.taken); !found.empty()) offers += found + "; ";
    }
    if (!offers.empty()) arguments += fmt::format("{}) {};;\n", key, offers);
  }
};

/// A shell function that does what the case of its first argument says; false for any other.
std::string case_function(const std::string& name, const std::string& cases) {
  return fmt::format("\n{}() {{\n  case $1 in\n{}    *) return 1 ;;\n  esac\n}}\n", name, cases);
}

struct Completion : CommandLine {
  int run() const override {
    Cases cases;
    cases.add({"drawlab", "", "", commands()}, "drawlab");
    std::cout << kScript << case_function("_drawlab_commands", cases.commands)
              << case_function("_drawlab_values", cases.values) << case_function("_drawlab_options", cases.options)
              << case_function("_drawlab_arguments", cases.arguments);
    return 0;
  }
};

}  // namespace

Command completion_command() {
  return command<Completion>("completion", "prints a completion script for bash",
                             "Prints a completion script for bash. To use it at once: eval \"$(drawlab completion)\". "
                             "To keep it, write it to ~/.local/share/bash-completion/completions/drawlab.");
}

}  // namespace drawlab::runner
