#include "drawlab/version.hpp"

#include "runner/commands/commands.hpp"

#include <fmt/format.h>

#include <iostream>

namespace drawlab::runner {
namespace {

/// Text for a manual page, where a backslash, a leading dot or quote, and a minus sign are special.
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

/// A section per command; a group has one for each of its commands.
std::string section(const Command& command, const std::string& path) {
  std::string text;
  for (const Command& each : command.commands) text += section(each, path + ' ' + each.name);
  if (command.make == nullptr) return text;
  const auto line = command.make();
  text += fmt::format(".SS {}\n{}\n", manual_text(path + ' ' + line->usage()), manual_text(command.description));
  for (const auto* declared : {&line->declared_arguments(), &line->declared_options()}) {
    for (const DeclaredOption& option : *declared) {
      const std::string letter = option.letter.empty() ? "" : fmt::format("\\fB\\-{}\\fR, ", option.letter);
      const std::string value =
          option.name.empty() || option.taken.name.empty() ? "" : " \\fI" + manual_text(option.taken.name) + "\\fR";
      text += fmt::format(".TP\n{}\\fB{}\\fR{}\n{}\n", letter, manual_text(option.label()), value,
                          manual_text(option.explanation()));
    }
  }
  return text;
}

/// A manual page of section 1.
std::string manual_page() {
  std::string page = fmt::format(
      ".TH DRAWLAB 1 \"\" \"drawlab {}\" \"User commands\"\n.SH NAME\ndrawlab \\- experiments with DRAW models on a "
      "CPU\n.SH SYNOPSIS\n.B drawlab\n.I COMMAND\n[options]\n.SH COMMANDS\n",
      kVersion);
  for (const Command& each : commands()) page += section(each, "drawlab " + each.name);
  return page +
         ".SH EXIT STATUS\n.TP\n0\ndone\n.TP\n1\nsome cells failed\n.TP\n2\na mistake on the command line or in an "
         "experiment file\n.TP\n3\nnothing matched\n.TP\n4\nthe database\n.TP\n5\na dataset\n.TP\n6\na plugin\n"
         ".TP\n130, 143\nstopped by a signal, after a checkpoint\n";
}

struct Manual : CommandLine {
  int run() const override {
    std::cout << manual_page();
    return 0;
  }
};

}  // namespace

Command manual_command() {
  return command<Manual>("manual", "prints the manual page", "Prints the manual page: drawlab manual | man -l -");
}

}  // namespace drawlab::runner
