#include "runner/worker/cell_message.hpp"

#include "drawlab/error.hpp"

#include "training/metric.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <type_traits>
#include <utility>

namespace drawlab::runner {
namespace {

using Event = CellMessage::Event;

constexpr std::array<std::pair<Event, const char*>, 6> kEvents = {{
    {Event::started, "started"},
    {Event::progress, "progress"},
    {Event::epoch, "epoch"},
    {Event::notice, "notice"},
    {Event::left, "left"},
    {Event::ended, "ended"},
}};

/// The members of a message after its event: `visit(key, member, events that carry it)`.
template <class Message, class Visit>
void for_each_member(Message& message, const Visit& visit) {
  static constexpr std::initializer_list<Event> kPlaced = {Event::started, Event::progress, Event::epoch};
  visit("text", message.text, {Event::started, Event::notice, Event::left, Event::ended});
  visit("status", message.status, {Event::ended});
  visit("epoch", message.epoch, kPlaced);
  visit("epochs", message.epochs, kPlaced);
  visit("total_step", message.total_step, kPlaced);
  visit("total_steps", message.total_steps, kPlaced);
  visit("threads", message.threads, {Event::started});
  visit("phase", message.phase, {Event::progress});
  visit("step", message.step, {Event::progress});
  visit("steps", message.steps, {Event::progress});
  visit("samples_per_second", message.samples_per_second, {Event::progress});
  visit("loss", message.loss, {Event::progress, Event::epoch});
  visit("kl", message.kl, {Event::progress, Event::epoch});
}

ConfigNode node_of(const std::string& text) { return ConfigNode::text(text); }
ConfigNode node_of(results::Status status) { return ConfigNode::text(results::status_name(status)); }
ConfigNode node_of(Split split) { return ConfigNode::text(split_name(split)); }
ConfigNode node_of(std::int64_t number) { return ConfigNode::integer(number); }
ConfigNode node_of(double number) { return ConfigNode::real(number); }

/// Empty text and numbers that are not finite, which JSON does not have, are left out.
template <class Value>
bool is_absent(const Value& value) {
  if constexpr (std::is_same_v<Value, std::string>) return value.empty();
  if constexpr (std::is_same_v<Value, double>) return !std::isfinite(value);
  return false;
}

template <class Value>
void take(const std::optional<Value>& found, Value& member) {
  if (found) member = *found;
}

void read(const ConfigNode& node, std::string& text) {
  if (node.is_text()) text = node.as_text();
}
void read(const ConfigNode& node, results::Status& status) {
  if (node.is_text()) take(results::parse_status(node.as_text()), status);
}
void read(const ConfigNode& node, Split& split) {
  if (node.is_text()) take(parse_split(node.as_text()), split);
}
void read(const ConfigNode& node, std::int64_t& number) {
  if (node.kind() == ConfigNode::Kind::integer) number = node.as_integer();
}
void read(const ConfigNode& node, double& number) {
  if (node.kind() == ConfigNode::Kind::integer || node.kind() == ConfigNode::Kind::real) number = node.as_real();
}

std::optional<Event> event_of(const ConfigNode& node) {
  const ConfigNode* const name = node.is_map() ? node.find("event") : nullptr;
  if (name == nullptr || !name->is_text()) return std::nullopt;
  for (const auto& [event, known] : kEvents) {
    if (name->as_text() == known) return event;
  }
  return std::nullopt;
}

}  // namespace

ConfigNode CellMessage::tree() const {
  ConfigNode node = ConfigNode::map();
  for (const auto& [known, name] : kEvents) {
    if (known == event) node.set("event", ConfigNode::text(name));
  }
  for_each_member(*this, [&](const char* key, const auto& member, std::initializer_list<Event> events) {
    if (std::ranges::find(events, event) != events.end() && !is_absent(member)) node.set(key, node_of(member));
  });
  return node;
}

std::optional<CellMessage> CellMessage::from_line(std::string_view line) {
  ConfigNode node;
  try {
    node = from_json(line);
  } catch (const ConfigError&) {
    return std::nullopt;
  }
  const auto event = event_of(node);
  if (!event) return std::nullopt;
  CellMessage message;
  message.event = *event;
  for_each_member(message, [&](const char* key, auto& member, std::initializer_list<Event>) {
    if (const ConfigNode* const value = node.find(key)) read(*value, member);
  });
  return message;
}

}  // namespace drawlab::runner
