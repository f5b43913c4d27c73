#include <stdio.h>
#include <string.h>

#include "session_internal.h"

#define SILENT_US                                                                                  \
  500000 /* a device from which nothing came for so long is away, whatever it says */

static void say(dt_session* session, dt_lead_kind kind, const char* what, const char* rest) {
  if (!session->config.on_lead)
    return;
  dt_lead lead;
  char text[DT_LEAD_TEXT_MAX];
  memset(&lead, 0, sizeof lead);
  lead.kind = kind;
  lead.at = session->hearing.position;
  snprintf(lead.text, sizeof lead.text, "%s%s", what, rest);
  dt_lead_text(text, &lead);
  session->config.on_lead(session->config.context, &lead, text);
}

static dt__away away_of(const dt_session* session, const dt_port_state* port) {
  if (port->condition == DT_PORT_GONE)
    return DT__DEVICE_GONE;
  if (port->condition != DT_PORT_RUNNING)
    return DT__NOT_AWAY;
  if (port->silent_us > SILENT_US)
    return DT__DEVICE_SILENT;
  return port->is_midi_gone && !session->config.sound ? DT__MIDI_GONE : DT__NOT_AWAY;
}

static void say_away(dt_session* session, dt__away away) {
  char text[DT_SAY_MAX];
  const char* device = away == DT__MIDI_GONE ? "the MIDI device" : session->info.device;
  snprintf(text, sizeof text, "No input: %.60s is away. Waiting for it.", device);
  say(session, DT_LEAD_AWAY, text, "");
  /* Sound and time go on without the pads: a stroke goes on when they are back. */
  if (away == DT__MIDI_GONE && dt_leader_is_playing(session->leader))
    dt_session_press(session, DT_KEY_GO);
}

/* A device is back with its first block, which tells how much was lost: dt__news_input. */
static void look_at_port(dt_session* session) {
  dt_port_state port;
  dt_port_look(session->port, &port);
  const dt__away away = away_of(session, &port);
  const dt__away was = session->away;
  if (was == DT__NOT_AWAY && away != DT__NOT_AWAY) {
    session->away = away;
    session->returns = port.returns;
    say_away(session, away);
  } else if (was == DT__MIDI_GONE && away == DT__NOT_AWAY) {
    session->away = away;
    say(session, DT_LEAD_BACK, "Back.", "");
  } else if (was != DT__NOT_AWAY && away == DT__DEVICE_GONE)
    session->away = away;
}

void dt__news_look(dt_session* session) {
  look_at_port(session);
  const char* trouble = session->journal ? dt__journal_trouble(session->journal) : "";
  if (!trouble[0] || session->is_trouble_said)
    return;
  session->is_trouble_said = true;
  say(session, DT_LEAD_TROUBLE, trouble, ". Practice goes on.");
}

void dt__news_input(dt_session* session, const dt__input* input) {
  if (session->away != DT__DEVICE_GONE && session->away != DT__DEVICE_SILENT)
    return;
  dt_port_state port;
  dt_port_look(session->port, &port);
  if (session->away == DT__DEVICE_GONE && !input->is_return && port.returns == session->returns)
    return; /* came in before it went */
  session->away = DT__NOT_AWAY;
  char lost[64];
  snprintf(lost, sizeof lost, " %.1f s were lost.",
           (double)(input->position - session->hearing.position) / session->info.rate_hz);
  say(session, DT_LEAD_BACK, "Back.", lost);
}
