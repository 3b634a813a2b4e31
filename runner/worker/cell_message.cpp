#include "runner/worker/cell_message.hpp"

#include "drawlab/error.hpp"

#include <array>
#include <cmath>
#include <limits>
#include <utility>

namespace drawlab::runner {
namespace {

constexpr std::array<std::pair<CellMessage::Event, const char*>, 6> kEvents = {{
    {CellMessage::Event::started, "started"},
    {CellMessage::Event::progress, "progress"},
    {CellMessage::Event::epoch, "epoch"},
    {CellMessage::Event::notice, "notice"},
    {CellMessage::Event::left, "left"},
    {CellMessage::Event::ended, "ended"},
}};

/// JSON has no infinities: what is not finite is left out.
void set_real(ConfigNode& node, const char* key, double value) {
  if (std::isfinite(value)) node.set(key, ConfigNode::real(value));
}

std::string text_of(const ConfigNode& node, const char* key) {
  const ConfigNode* value = node.find(key);
  return value != nullptr && value->is_text() ? value->as_text() : std::string();
}

std::int64_t integer_of(const ConfigNode& node, const char* key) {
  const ConfigNode* value = node.find(key);
  return value != nullptr && value->kind() == ConfigNode::Kind::integer ? value->as_integer() : 0;
}

double real_of(const ConfigNode& node, const char* key) {
  const ConfigNode* value = node.find(key);
  const bool number =
      value != nullptr && (value->kind() == ConfigNode::Kind::integer || value->kind() == ConfigNode::Kind::real);
  return number ? value->as_real() : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

ConfigNode CellMessage::tree() const {
  ConfigNode node = ConfigNode::map();
  for (const auto& [known, name] : kEvents) {
    if (known == event) node.set("event", ConfigNode::text(name));
  }
  if (!text.empty()) node.set("text", ConfigNode::text(text));
  if (event == Event::ended) node.set("status", ConfigNode::text(status));
  if (event == Event::started || event == Event::progress || event == Event::epoch) {
    node.set("epoch", ConfigNode::integer(epoch));
    node.set("epochs", ConfigNode::integer(epochs));
    node.set("total_step", ConfigNode::integer(total_step));
    node.set("total_steps", ConfigNode::integer(total_steps));
  }
  if (event == Event::started) node.set("threads", ConfigNode::integer(threads));
  if (event == Event::progress) {
    node.set("phase", ConfigNode::text(phase));
    node.set("step", ConfigNode::integer(step));
    node.set("steps", ConfigNode::integer(steps));
    set_real(node, "samples_per_second", samples_per_second);
  }
  if (event == Event::progress || event == Event::epoch) {
    set_real(node, "loss", loss);
    set_real(node, "kl", kl);
  }
  return node;
}

std::optional<CellMessage> CellMessage::from_line(std::string_view line) {
  ConfigNode node;
  try {
    node = from_json(line);
  } catch (const ConfigError&) {
    return std::nullopt;
  }
  if (!node.is_map()) return std::nullopt;
  CellMessage message;
  bool known_event = false;
  const std::string name = text_of(node, "event");
  for (const auto& [event, event_name] : kEvents) {
    if (name != event_name) continue;
    message.event = event;
    known_event = true;
  }
  if (!known_event) return std::nullopt;
  message.text = text_of(node, "text");
  message.status = text_of(node, "status");
  message.phase = text_of(node, "phase");
  message.threads = integer_of(node, "threads");
  message.epoch = integer_of(node, "epoch");
  message.epochs = integer_of(node, "epochs");
  message.step = integer_of(node, "step");
  message.steps = integer_of(node, "steps");
  message.total_step = integer_of(node, "total_step");
  message.total_steps = integer_of(node, "total_steps");
  message.loss = real_of(node, "loss");
  message.kl = real_of(node, "kl");
  message.samples_per_second = real_of(node, "samples_per_second");
  return message;
}

}  // namespace drawlab::runner
